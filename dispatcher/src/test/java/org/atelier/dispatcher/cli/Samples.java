package org.atelier.dispatcher.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;

/** Documents as a dispatcher sends them. */
final class Samples {
    static final JobId JOB = new JobId("job-1");
    static final AttemptId ATTEMPT = new AttemptId(RunId.first(JOB), 1);
    static final byte[] PICTURE = "pixels".getBytes(StandardCharsets.UTF_8);
    static final Artifact AFTER = new Artifact("after.png", Digest.of(PICTURE), PICTURE.length, Artifact.PNG);

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    private Samples() {}

    static OptimizeRequest request() {
        return new OptimizeRequest("avatar-128", new Source.Seed(7), "a big smile", null, null, 100, null, null, null,
                null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    static JobView job(JobState state, List<JobView.Download> artifacts) {
        return new JobView(JOB, "default", JobType.OPTIMIZE, "avatar-128@2", 0, Map.of(), state, false, 1, 1, TIME,
                TIME,
                state.terminal() ? TIME : null, progress(57), request(), null, artifacts, null, Map.of(), null, List
                        .of());
    }

    static JobView.Download download(URI url) {
        return new JobView.Download(AFTER, url);
    }

    static Message.Progress progress(int step) {
        return new Message.Progress(step, 100, Map.of("total", 0.5, "clip", 0.25), 4.0, List.of());
    }

    static Message progressed(int step) {
        return new Message.AttemptProgressed(ATTEMPT, step, progress(step));
    }

    static Message ended(Outcome outcome) {
        return new Message.RunEnded(new Manifest(ATTEMPT.run(), "default", JobType.OPTIMIZE, "avatar-128@2", outcome, 1,
                "token", Map.of(), List.of(), JsonNodeFactory.instance.objectNode(),
                outcome == Outcome.FAILED ? JobFailure.of(ErrorCategory.DIVERGED, "a NaN at step 3") : null, Map.of(),
                Map.of(), TIME));
    }

    /** A server-sent event. */
    static String event(int id, Message message) {
        return "id: " + id + "\nevent: " + MessageType.of(message).shortName() + "\ndata: " + Json.text(message)
                + "\n\n";
    }
}
