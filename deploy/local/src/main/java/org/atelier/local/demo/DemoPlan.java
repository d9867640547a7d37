package org.atelier.local.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;

/** What the demo asks of a fleet: one gallery of faces, and one edit of each. */
public final class DemoPlan {
    private static final int INSTANT = 2;

    private final BundleCard bundle;
    private final OptionalInt steps;
    private final List<Edit> edits;

    /**
     * A face and what becomes of it.
     *
     * @param seed   of the face
     * @param prompt what it should show
     */
    record Edit(long seed, String prompt) {}

    private DemoPlan(BundleCard bundle, OptionalInt steps, List<Edit> edits) {
        this.bundle = bundle;
        this.steps = steps;
        this.edits = edits;
    }

    /**
     * The edits that suit a bundle: chosen by hand where it is known here, else the prompts of its presets.
     *
     * @param steps of each edit; empty: those of the presets
     * @throws IllegalArgumentException if the bundle has no prompts for text edits
     */
    public static DemoPlan of(BundleCard bundle, OptionalInt steps) {
        var edits = chosen(bundle.name()).orElseGet(() -> fromPresets(bundle));
        if (edits.isEmpty()) {
            throw new IllegalArgumentException("the bundle " + bundle.reference()
                    + " has no presets.optimize.prompts in its bundle.json; the demo does not know what to ask of it");
        }
        return new DemoPlan(bundle, steps, edits);
    }

    private static Optional<List<Edit>> chosen(String bundle) {
        try (var in = DemoPlan.class.getResourceAsStream(bundle + ".json")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(Arrays.asList(Json.read(in.readAllBytes(), Edit[].class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Edit> fromPresets(BundleCard bundle) {
        var edits = new ArrayList<Edit>();
        for (var prompt : presets(bundle).path("prompts")) {
            edits.add(new Edit(edits.size() + 1L, prompt.asText()));
        }
        return edits;
    }

    private static JsonNode presets(BundleCard bundle) {
        return bundle.presets().path("optimize");
    }

    /** The bundle that is edited with. */
    public BundleCard bundle() {
        return bundle;
    }

    List<Edit> edits() {
        return edits;
    }

    /** A submission that draws all faces, one picture each and one of all. */
    JsonNode gallery() {
        var submission = submission("generate");
        var request = submission.withObject("/request");
        edits.stream().map(Edit::seed).distinct().forEach(seed -> request.withArray("sources").addObject().put("seed",
                seed));
        // As the edits draw them, which truncate by default.
        request.putObject("truncation").put("psi", OptimizeRequest.TRUNCATION);
        request.putObject("grid");
        return submission;
    }

    /**
     * The submission of an edit: its face and prompt, in mode best where the bundle has a delta mapper, else with the
     * hyper-parameters of the presets.
     */
    JsonNode submission(Edit edit) {
        var submission = submission("optimize");
        var request = submission.withObject("/request");
        if (bundle.delta() != null) {
            request.put("mode", "best");
        } else if (presets(bundle).path("defaults") instanceof ObjectNode defaults) {
            request.setAll(defaults);
        }
        request.put("prompt", edit.prompt()).putObject("source").put("seed", edit.seed());
        steps.ifPresent(count -> request.put("steps", count));
        return submission;
    }

    /** The edits that the bundle's delta mapper makes in an instant: two faces by two prompts; none if it has no mapper. */
    List<Edit> instantEdits() {
        return bundle.delta() == null
                ? List.of()
                : instantSeeds().stream()
                        .flatMap(seed -> instantPrompts().stream().map(prompt -> new Edit(seed, prompt)))
                        .toList();
    }

    private List<Long> instantSeeds() {
        return edits.stream().map(Edit::seed).distinct().limit(INSTANT).toList();
    }

    private List<String> instantPrompts() {
        return edits.reversed().stream().map(Edit::prompt).distinct().limit(INSTANT).toList();
    }

    /** One submission for all instant edits. */
    JsonNode instant() {
        var submission = submission("delta-apply");
        var request = submission.withObject("/request");
        instantSeeds().forEach(seed -> request.withArray("sources").addObject().put("seed", seed));
        instantPrompts().forEach(request.withArray("prompts")::add);
        return submission;
    }

    private ObjectNode submission(String type) {
        var submission = JsonNodeFactory.instance.objectNode();
        submission.putObject("request").put("type", type).put("bundle", bundle.reference());
        submission.putObject("labels").put("origin", "demo");
        return submission;
    }
}
