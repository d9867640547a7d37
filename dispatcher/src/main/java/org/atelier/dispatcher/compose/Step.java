package org.atelier.dispatcher.compose;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobFailure;

/** What follows in a composite job. */
public sealed interface Step {
    /**
     * A phase: jobs that may run at once.
     *
     * @param parts    what they shall do; at least one
     * @param tolerant whether the composite job goes on with those that succeed; else the first that does not fails it
     */
    record Parts(List<PartRequest> parts, boolean tolerant) implements Step {
        public Parts {
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("a phase has at least one part");
            }
            parts = List.copyOf(parts);
        }
    }

    /**
     * The end, with a result.
     *
     * @param artifacts what parts made and the result names
     * @param documents what the result has beside that
     * @param summary   the account
     */
    record Finished(List<Artifact> artifacts, List<Document> documents, JsonNode summary) implements Step {
        public Finished {
            artifacts = List.copyOf(artifacts);
            documents = List.copyOf(documents);
        }
    }

    /**
     * The end, without one.
     *
     * @param failure why
     */
    record Failed(JobFailure failure) implements Step {}

    /**
     * A JSON file of a result.
     *
     * @param name    for people, unique in the result
     * @param content what it says
     */
    record Document(String name, JsonNode content) {}
}
