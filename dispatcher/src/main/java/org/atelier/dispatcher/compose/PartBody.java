package org.atelier.dispatcher.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;

/** The submission of a part: its own request, on the composite's bundle version, treated by the fleet as the composite is. */
final class PartBody {
    private PartBody() {}

    static JsonNode of(PartRequest part, JobSubmission composite, BundleCard bundle) {
        var body = JsonNodeFactory.instance.objectNode();
        body.set("request", part.request().deepCopy().put("bundle", bundle.reference()));
        body.put("priority", composite.priority());
        if (!composite.labels().isEmpty()) {
            body.set("labels", Json.tree(composite.labels()));
        }
        if (!composite.subjects().isEmpty()) {
            body.set("subjects", Json.tree(composite.subjects()));
        }
        body.put("queue_timeout_seconds", composite.queueTimeoutSeconds());
        body.put("run_timeout_seconds", composite.runTimeoutSeconds());
        return body;
    }
}
