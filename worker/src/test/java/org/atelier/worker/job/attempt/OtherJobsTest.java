package org.atelier.worker.job.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.RunOrigin;
import org.atelier.common.store.MemoryObjectStore;
import org.junit.jupiter.api.Test;

class OtherJobsTest {
    private static final JobId PARENT = new JobId("parent");
    private static final RunId FIRST = RunId.first(PARENT);
    private static final Artifact LATENT = artifact("latent.safetensors", "first");

    private final JobLedger ledger = new JobLedger(new MemoryObjectStore());
    private final OtherJobs jobs = new OtherJobs("acme", ledger);

    private static Artifact artifact(String name, String content) {
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        return new Artifact(name, Digest.of(bytes), bytes.length, Artifact.SAFETENSORS);
    }

    private void end(RunId run, Outcome outcome, Artifact... artifacts) {
        ledger.commit(new Manifest(run, "acme", JobType.OPTIMIZE, "avatar-128@3", outcome, 1, "token", Map.of(), List
                .of(
                        artifacts), null, null, Map.of(), Map.of(), Instant.EPOCH));
    }

    private void replay(RunId run) {
        ledger.replay(new RunOrigin(run, "replay-1", "olga", Instant.EPOCH));
    }

    private void assertUnreadable(OtherJobs jobs, String name, String... parts) {
        assertThatExceptionOfType(JobException.class).isThrownBy(() -> jobs.find(PARENT, name))
                .satisfies(e -> assertThat(e.category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(parts));
    }

    @Test
    void theFirstSuccessCountsWhateverComesLater() {
        end(FIRST, Outcome.FAILED);
        replay(FIRST.next());
        replay(FIRST.next().next());
        end(FIRST.next().next(), Outcome.SUCCEEDED, LATENT);

        assertThat(jobs.find(PARENT, LATENT.name())).as("the second run has not ended yet").isEqualTo(LATENT);

        replay(FIRST.next().next().next());
        end(FIRST.next().next().next(), Outcome.SUCCEEDED, artifact(LATENT.name(), "later"));
        assertThat(jobs.find(PARENT, LATENT.name())).isEqualTo(LATENT);
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertUnreadable(jobs, "latent.safetensors", "parent", "has not succeeded", "Replay");

        end(FIRST, Outcome.SUCCEEDED, LATENT);
        assertUnreadable(jobs, "mapper.safetensors", "parent", "mapper.safetensors", "[latent.safetensors]");
        assertUnreadable(new OtherJobs("rival", ledger), LATENT.name(), "has not succeeded");
    }
}
