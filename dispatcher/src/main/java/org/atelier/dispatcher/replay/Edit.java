package org.atelier.dispatcher.replay;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;

/** New values of parameters. Only what changes how a job runs may change, not what it is about: no bundle, no source. */
final class Edit {
    /** How the fleet treats the job. */
    private static final Set<String> TREATMENT = Set.of("priority", "queue_timeout_seconds", "run_timeout_seconds");
    /** How it is computed. */
    private static final Set<String> COMPUTATION = Set.of("steps", "learning_rate", "clip_lambda", "l2_lambda",
            "id_lambda", "preview_every", "prompt");
    /** Moments of the first run, which have passed. */
    private static final Set<String> MOMENTS = Set.of("not_before", "deadline");

    private Edit() {}

    /** Everything that may be set. */
    static Set<String> allowed() {
        var all = new TreeSet<>(TREATMENT);
        all.addAll(COMPUTATION);
        return all;
    }

    /** What a parameter is now; a missing node where the job has no such parameter. */
    static JsonNode value(JobSubmission submission, String name) {
        var tree = Json.tree(submission);
        return (TREATMENT.contains(name) ? tree : tree.path("request")).path(name);
    }

    /** A submission with new values; whether they are sound is for the intake to say. */
    static JsonNode apply(JobSubmission submission, Map<String, JsonNode> values) {
        var tree = (ObjectNode) Json.tree(submission);
        tree.remove(MOMENTS);
        var request = (ObjectNode) tree.path("request");
        values.forEach((name, value) -> (TREATMENT.contains(name) ? tree : request).set(name, value));
        return tree;
    }
}
