package org.atelier.dispatcher.compose;

import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.json.Json;

/** What the results of all compositions have in common. */
final class Results {
    /** What was tried and what came of it. */
    static final String TABLE = "table.json";

    private Results() {}

    /** The same blob under another name. */
    static Artifact renamed(Artifact artifact, String name) {
        int dot = artifact.name().lastIndexOf('.');
        var ending = dot < 0 ? "" : artifact.name().substring(dot);
        return new Artifact(name + ending, artifact.digest(), artifact.size(), artifact.mediaType());
    }

    /** What a row of a table says of a part. */
    static void describe(ObjectNode row, EndedPart part, Optional<Artifact> picture) {
        row.put("job", part.job().value());
        row.set("outcome", Json.tree(part.manifest().outcome()));
        if (!part.succeeded()) {
            row.put("reason", part.reason());
        }
        var summary = part.manifest().summary();
        if (summary != null && summary.path("losses").isObject()) {
            row.set("losses", summary.path("losses"));
        }
        picture.ifPresent(artifact -> row.put("picture", artifact.digest().toString()));
    }

    /** The sheet that the phase made, if it did. */
    static Optional<Artifact> sheet(Composite<?> composite, int phase) {
        return composite.phasesOver() < phase
                ? Optional.empty()
                : composite.phase(phase).getFirst().artifact(SheetRequest.ARTIFACT);
    }

    /** Why the phase made no sheet; empty if it did, or was not asked to. */
    static Optional<String> missingSheet(Composite<?> composite, int phase) {
        return composite.phasesOver() < phase
                ? Optional.empty()
                : Optional.of(composite.phase(phase).getFirst()).filter(part -> !part.succeeded()).map(
                        EndedPart::reason);
    }
}
