package org.atelier.dispatcher.cli;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code presets}: values and prompts that work on a bundle, by job type. */
@Command(name = "presets", description = {"Lists values and prompts that work on a bundle, by job type.",
        "The values are written as --set takes them; submit --preset uses all of a type."})
public final class PresetsCommand extends ApiCommand {
    private static final String ROW = "  %-9s %s%n";

    @Parameters(paramLabel = "BUNDLE", arity = "0..1", description = "Name or name@version (default: all bundles).")
    private @Nullable String bundle;

    @Option(names = "--type", description = "Only those of this job type, for example optimize.")
    private @Nullable String type;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (bundle == null) {
            var all = ofType(all(client));
            if (json()) {
                var document = Json.mapper().createObjectNode();
                document.set("bundles", Json.tree(all.stream().map(PresetsDocument::tree).toList()));
                printJson(document);
            } else {
                all.forEach(this::print);
            }
        } else {
            var one = ofType(List.of(new PresetsDocument(client.presets(bundle)))).getFirst();
            if (json()) {
                printJson(one.tree());
            } else {
                print(one);
            }
        }
        out().flush();
        return ExitCode.OK;
    }

    private static List<PresetsDocument> all(DispatcherClient client) throws InterruptedException {
        var all = new ArrayList<PresetsDocument>();
        client.bundles().path("bundles").forEach(card -> all.add(PresetsDocument.ofCard(card)));
        return all;
    }

    /** What there is for the type that was asked for, if one was. */
    private List<PresetsDocument> ofType(List<PresetsDocument> all) {
        if (type == null) {
            return all;
        }
        var some = all.stream().filter(presets -> presets.has(type)).map(presets -> presets.only(type)).toList();
        if (some.isEmpty()) {
            throw usage(all.isEmpty()
                    ? "There are no bundles."
                    : String.join(System.lineSeparator(), all.stream().map(presets -> presets.lacks(type)).toList()));
        }
        return some;
    }

    private void print(PresetsDocument presets) {
        if (presets.types().isEmpty()) {
            out().println(presets.bundle() + " has no presets");
        }
        for (var name : presets.types()) {
            out().println(name + " on " + presets.bundle());
            var head = "defaults";
            for (var setting : presets.settings(name).entrySet()) {
                out().printf(ROW, head, setting.getKey() + "=" + setting.getValue());
                head = "";
            }
            presets.remarks(name).forEach(this::print);
        }
    }

    private void print(String name, JsonNode remark) {
        var head = name;
        for (var value : remark.isArray() ? remark : List.of(remark)) {
            out().printf(ROW, head, PresetsDocument.text(value));
            head = "";
        }
    }
}
