package org.atelier.worker.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.quality.Judge;
import org.atelier.worker.quality.WishList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench quality}: edits faces by a list of prompts and says, by the bundle's reader, what came of it. */
@Command(name = "quality", mixinStandardHelpOptions = true, description = {
        "Edits faces by a list of prompts, each method in turn, and reports by the bundle's reader, which is in no loss, how"
                + " often the wanted thing appears and how much of the rest stays.",
        "Only faces count that do not show the wanted thing already. The control is a prompt that asks for nothing. Pasted are the same edits, but with every pixel that"
                + " they did not mean to change as it was: what is not kept there is the reader's own doubt."})
final class QualityBench implements Callable<Integer> {
    @Mixin
    private final BundleOptions bundle = new BundleOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--wishes", paramLabel = "FILE", description = "List of prompts with their wanted attributes; default: the one that comes with the project for a bundle of that name.")
    private @Nullable Path wishes;

    @Option(names = "--methods", split = ",", defaultValue = "faithful,delta,best", description = "Of faithful (the published optimisation with the bundle's presets; a space may follow, as in faithful:w), delta (delta-apply) and best (default: ${DEFAULT-VALUE}).")
    private List<String> methods = List.of();

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3,4,5,6,7,85", description = "Faces (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds = List.of();

    @Option(names = "--prompts", paramLabel = "COUNT", description = "Take this many prompts from each group only.")
    private @Nullable Integer prompts;

    @Option(names = "--steps", description = "Steps of each optimisation; default: those of the presets, or of the mode.")
    private @Nullable Integer steps;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var engine = bundle.engine();
        var reports = new LinkedHashMap<String, QualityReport>();
        try (var networks = bundle.open(engine)) {
            var judge = Judge.of(networks, list(networks.card().name()));
            for (var method : methods) {
                var trial = new QualityTrial(networks, judge, request(method, networks), progress(method));
                var report = trial.run(seeds);
                reports.put(method, report);
                print(method, report);
            }
        }
        output.write(Map.of("bundle", bundle.folder().getFileName().toString(), "seeds", seeds, "methods", reports,
                "environment", engine.environment()));
        return 0;
    }

    private WishList list(String name) throws IOException {
        var list = wishes == null
                ? WishList.of(name).orElseThrow(() -> new ParameterException(spec.commandLine(),
                        "There is no list of prompts for " + name + "; name one by --wishes."))
                : WishList.read(wishes);
        return prompts == null ? list : list.firstOfEachGroup(prompts);
    }

    private MethodRequest request(String method, BundleNetworks networks) {
        try {
            return MethodRequest.of(method, networks.card(), steps);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Runnable progress(String method) {
        var err = spec.commandLine().getErr();
        var done = new ArrayList<String>();
        return () -> {
            done.add(method);
            err.printf("%s: %d of %d faces%n", method, done.size(), seeds.size());
            err.flush();
        };
    }

    private void print(String method, QualityReport report) {
        var writer = spec.commandLine().getOut();
        writer.printf(Locale.ROOT, "%-42s reached    kept   edits%n", method);
        line("all", report.all());
        report.groups().forEach(this::line);
        line("control", report.control());
        line("pasted", report.pasted());
        report.prompts().forEach(this::line);
        writer.printf(Locale.ROOT, "  changed most: %s%n  %.2f s an edit%n", report.changed(), report.secondsPerEdit());
        writer.flush();
    }

    private void line(String name, QualityReport.Line line) {
        spec.commandLine().getOut().printf(Locale.ROOT, "  %-40s %5.1f %%  %5.1f %%  %6d%n", name, 100 * line.reached(),
                100 * line.kept(), line.edits());
    }
}
