package org.atelier.worker.job.runner;

import java.util.HashSet;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;

/**
 * What a runner made.
 *
 * @param artifacts blobs that it stored, each under a name of its own
 * @param summary   its own account, as a JSON object: seeds, prompt, hyper-parameters, final losses
 */
public record JobResult(List<Artifact> artifacts, JsonNode summary) {
    public JobResult {
        artifacts = List.copyOf(artifacts);
        var names = new HashSet<String>();
        for (var artifact : artifacts) {
            if (!names.add(artifact.name())) {
                throw new IllegalArgumentException("a result has two artifacts named " + artifact.name());
            }
        }
    }
}
