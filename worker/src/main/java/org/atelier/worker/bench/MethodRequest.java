package org.atelier.worker.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.delta.DeltaApplication;
import org.atelier.worker.edit.delta.Optimizations;
import org.jspecify.annotations.Nullable;

/**
 * A method by the request that asks for it, less source and prompt.
 *
 * @param template the request's JSON
 */
record MethodRequest(ObjectNode template) {
    private static final String FAITHFUL = "faithful";

    /**
     * The method of that name.
     *
     * @param name  {@code faithful}, {@code faithful:SPACE}, {@code best} or {@code delta}
     * @param steps of an optimisation; null: those of the bundle's presets, or of the mode
     * @throws IllegalArgumentException if there is none
     */
    static MethodRequest of(String name, BundleCard card, @Nullable Integer steps) {
        var request = JsonNodeFactory.instance.objectNode();
        request.put("bundle", card.reference());
        if (name.equals(FAITHFUL) || name.startsWith(FAITHFUL + ":")) {
            request.put("type", "optimize");
            if (card.presets().path("optimize").path("defaults") instanceof ObjectNode defaults) {
                request.setAll(defaults);
            }
            if (name.length() > FAITHFUL.length()) {
                request.put("space", name.substring(FAITHFUL.length() + 1));
            }
        } else if (name.equals("best")) {
            request.put("type", "optimize").put("mode", "best");
        } else if (name.equals("delta")) {
            request.put("type", "delta-apply");
            return new MethodRequest(request);
        } else {
            throw new IllegalArgumentException("There is no method \"" + name
                    + "\", only faithful, faithful:SPACE, delta and best.");
        }
        request.put("preview_every", 0);
        if (steps != null) {
            request.put("steps", steps);
        }
        return new MethodRequest(request);
    }

    /** The request for a face and a prompt. */
    JobRequest request(long seed, String prompt) {
        var request = template.deepCopy();
        if (template.path("type").asText().equals("delta-apply")) {
            request.putArray("sources").addObject().put("seed", seed);
            request.putArray("prompts").add(prompt);
        } else {
            request.put("prompt", prompt).putObject("source").put("seed", seed);
        }
        return Json.read(request, JobRequest.class);
    }

    /** Its edit. */
    static Edit edit(JobRequest request, BundleNetworks networks, Inputs inputs) {
        return switch (request) {
            case OptimizeRequest optimize -> Optimizations.of(optimize, networks, inputs);
            case DeltaApplyRequest apply -> new DeltaApplication(apply, networks, inputs);
            default -> throw new IllegalArgumentException("no method of this benchmark: " + request);
        };
    }
}
