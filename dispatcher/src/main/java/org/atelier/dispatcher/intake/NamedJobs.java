package org.atelier.dispatcher.intake;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;

/** Finds where a submission names another job. */
final class NamedJobs {
    private static final String DEPENDS_ON = "/depends_on";
    /** As sources and inputs call it. */
    private static final String JOB = "job";

    private NamedJobs() {}

    /** The first field of the submission's request that names a job as something to read; else where dependencies are. */
    static String field(JsonNode submission, JobId job) {
        var found = find(submission.path("request"), JsonPointer.compile("/request"), job.value());
        return found == null ? DEPENDS_ON : found.toString();
    }

    private static @Nullable JsonPointer find(JsonNode node, JsonPointer here, String job) {
        if (node.path(JOB).asText().equals(job)) {
            return here.appendProperty(JOB);
        }
        for (var field : node.properties()) {
            var found = find(field.getValue(), here.appendProperty(field.getKey()), job);
            if (found != null) {
                return found;
            }
        }
        for (int index = 0; node.isArray() && index < node.size(); index++) {
            var found = find(node.get(index), here.appendIndex(index), job);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
