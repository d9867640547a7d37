package org.atelier.dispatcher.compose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobType;
import org.atelier.common.job.PromptSweepRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;

/** A prompt sweep: all wordings at once, then the best of them with the regularisation raised, then the sheet. */
final class PromptSweepComposition implements Composition<PromptSweepRequest> {
    private static final int WORDINGS = 1;
    private static final int RAISED = 2;
    private static final String PICTURE = "after.png";
    private static final String LATENT = Source.Result.LATENT;
    private static final String LOSS = "loss";
    private static final String IDENTITY = "identity";

    /**
     * A wording with a weight, on all sources.
     *
     * @param prompt the wording
     * @param lambda the weight of L2 and identity
     */
    private record Setting(String prompt, double lambda) {}

    /** A setting and what came of it. */
    private record Tried(Setting setting, List<EndedPart> parts) {
        double mean(String loss) {
            return parts.stream().mapToDouble(part -> part.loss(loss).orElse(Double.NaN)).average().orElseThrow();
        }

        /** Smaller is better. */
        double score() {
            return mean(LOSS) + mean(IDENTITY);
        }
    }

    @Override
    public Class<PromptSweepRequest> requestType() {
        return PromptSweepRequest.class;
    }

    @Override
    public Step next(Composite<PromptSweepRequest> sweep) {
        var request = sweep.request();
        var wordings = request.prompts().stream().map(prompt -> new Setting(prompt, request.lambda())).toList();
        if (sweep.phasesOver() < WORDINGS) {
            return phase(sweep, wordings);
        }
        var tried = new ArrayList<>(tried(sweep, WORDINGS, wordings));
        tried.sort(Comparator.comparingDouble(Tried::score));
        var working = tried.stream().filter(one -> one.mean(LOSS) < threshold(sweep)).toList();
        var raised = working.stream()
                .limit(request.best())
                .flatMap(one -> request.lambdas().stream().map(lambda -> new Setting(one.setting().prompt(), lambda)))
                .toList();
        if (!raised.isEmpty()) {
            if (sweep.phasesOver() < RAISED) {
                return phase(sweep, raised);
            }
            tried.addAll(tried(sweep, RAISED, raised));
        }
        int sheet = raised.isEmpty() ? RAISED : RAISED + 1;
        return request.sheet() && sweep.phasesOver() < sheet
                ? sheet(sweep, tried).phase(sweep.bundle())
                : finished(sweep, tried, working, sheet);
    }

    private static double threshold(Composite<PromptSweepRequest> sweep) {
        var threshold = sweep.request().threshold();
        return threshold == null ? sweep.bundle().presets().at("/prompt-sweep/threshold").asDouble() : threshold;
    }

    private static Step.Parts phase(Composite<PromptSweepRequest> sweep, List<Setting> settings) {
        return new Step.Parts(settings.stream()
                .flatMap(setting -> sweep.request().sources().stream().map(source -> new PartRequest(setting.prompt()
                        + ", lambda " + setting.lambda() + ", " + head(source), optimize(sweep.request(), setting,
                                source, sweep.bundle()))))
                .toList(), false);
    }

    private static ObjectNode optimize(PromptSweepRequest sweep, Setting setting, Source source, BundleCard bundle) {
        var request = JsonNodeFactory.instance.objectNode();
        request.put("steps", PromptSweepRequest.STEPS);
        request.put("learning_rate", PromptSweepRequest.LEARNING_RATE);
        request.set("schedule", Json.tree(PromptSweepRequest.SCHEDULE));
        request.set("l2_reduction", Json.tree(PromptSweepRequest.L2_REDUCTION));
        request.setAll((ObjectNode) sweep.base().deepCopy());
        request.put("type", JobType.OPTIMIZE.wireName());
        request.set("source", Json.tree(source));
        request.put("prompt", setting.prompt());
        request.put("l2_lambda", setting.lambda());
        request.put("id_lambda", bundle.identity() == null ? 0 : setting.lambda());
        return request;
    }

    private static List<Tried> tried(Composite<PromptSweepRequest> sweep, int phase, List<Setting> settings) {
        int sources = sweep.request().sources().size();
        return IntStream.range(0, settings.size())
                .mapToObj(index -> new Tried(settings.get(index), sweep.phase(phase).subList(index * sources, (index
                        + 1) * sources)))
                .toList();
    }

    private static SheetPart sheet(Composite<PromptSweepRequest> sweep, List<Tried> tried) {
        var sheet = new SheetPart(sweep.request().sources().stream().map(PromptSweepComposition::head).toList());
        tried.forEach(one -> sheet.row(String.format(Locale.ROOT, "%s, lambda %s, loss %.3f", one.setting()
                .prompt(), one.setting().lambda(), one.mean(LOSS)), one.parts().stream().map(part -> part.artifact(
                        PICTURE)).toList()));
        return sheet;
    }

    private static String head(Source source) {
        var fields = Json.tree(source).properties();
        return fields.stream().map(field -> field.getKey() + " " + field.getValue().asText()).findFirst().orElseThrow();
    }

    private static Step.Finished finished(Composite<PromptSweepRequest> sweep, List<Tried> tried, List<Tried> working,
            int sheet) {
        var artifacts = new ArrayList<Artifact>();
        var summary = JsonNodeFactory.instance.objectNode().put("threshold", threshold(sweep));
        summary.set("working", Json.tree(working.stream().map(one -> one.setting().prompt()).toList()));
        chosen(sweep, tried, working).ifPresent(one -> {
            artifacts.addAll(results(one));
            summary.put("prompt", one.setting().prompt()).put("lambda", one.setting().lambda());
            number(summary, LOSS, one.mean(LOSS));
            number(summary, IDENTITY, one.mean(IDENTITY));
        });
        Results.sheet(sweep, sheet).ifPresent(artifacts::add);
        Results.missingSheet(sweep, sheet).ifPresent(reason -> summary.put("sheet_missing", reason));
        var table = JsonNodeFactory.instance.objectNode();
        table.put("threshold", threshold(sweep));
        var rows = table.putArray("tried");
        tried.forEach(one -> describe(rows.addObject(), one, threshold(sweep), sweep.request().sources()));
        return new Step.Finished(artifacts, List.of(new Step.Document(Results.TABLE, table)), summary);
    }

    /** Of the best wording, the firmest hold under which it still works. */
    private static Optional<Tried> chosen(Composite<PromptSweepRequest> sweep, List<Tried> tried,
            List<Tried> working) {
        return working.stream().findFirst().flatMap(best -> tried.stream()
                .filter(one -> one.setting().prompt().equals(best.setting().prompt()))
                .filter(one -> one.mean(LOSS) < threshold(sweep))
                .max(Comparator.comparingDouble(one -> one.setting().lambda())));
    }

    /** Those of the first source have the names that an edit's result has: they can be named where that can. */
    private static List<Artifact> results(Tried chosen) {
        return IntStream.range(0, chosen.parts().size())
                .boxed()
                .flatMap(index -> Stream.of(PICTURE, LATENT)
                        .flatMap(name -> chosen.parts().get(index).artifact(name).stream())
                        .map(artifact -> index == 0
                                ? artifact
                                : Results.renamed(artifact, artifact.name().substring(0, artifact.name().lastIndexOf(
                                        '.')) + "-" + index)))
                .toList();
    }

    private static void describe(ObjectNode row, Tried tried, double threshold, List<Source> sources) {
        row.put("prompt", tried.setting().prompt()).put("lambda", tried.setting().lambda());
        number(row, LOSS, tried.mean(LOSS));
        number(row, IDENTITY, tried.mean(IDENTITY));
        row.put("works", tried.mean(LOSS) < threshold);
        ArrayNode parts = row.putArray("parts");
        for (int index = 0; index < sources.size(); index++) {
            var part = tried.parts().get(index);
            var one = parts.addObject();
            one.set("source", Json.tree(sources.get(index)));
            Results.describe(one, part, part.artifact(PICTURE));
        }
    }

    /** JSON has no NaN. */
    private static void number(ObjectNode row, String name, double value) {
        if (Double.isFinite(value)) {
            row.put(name, value);
        }
    }

    @Override
    public String origin(PromptSweepRequest request, String field) {
        var inRequest = "/request";
        if (!field.startsWith(inRequest + "/")) {
            return field;
        }
        var inside = field.substring(inRequest.length());
        var name = inside.split("/", -1)[1];
        return switch (name) {
            case "source" -> "/request/sources";
            case "prompt" -> "/request/prompts";
            case "l2_lambda", "id_lambda" -> "/request/lambda";
            default -> "/request/base" + inside;
        };
    }
}
