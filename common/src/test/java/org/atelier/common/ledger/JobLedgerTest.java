package org.atelier.common.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.store.StoreException;
import org.junit.jupiter.api.Test;

class JobLedgerTest {
    private static final RunId RUN = RunId.first(new JobId("job-1"));
    private static final AttemptId FIRST = new AttemptId(RUN, 1);

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final JobLedger ledger = new JobLedger(store);

    @Test
    void ofManyThatClaimAnAttemptOneGetsIt() throws Exception {
        var claims = IntStream.range(0, 16).<Callable<Creation<Claim>>>mapToObj(n -> () -> ledger.claim(claim("token-"
                + n))).toList();
        List<Creation<Claim>> results;
        try (var executor = Executors.newFixedThreadPool(16)) {
            results = executor.invokeAll(claims).stream().map(future -> future.resultNow()).toList();
        }

        var winner = ledger.claim(FIRST).orElseThrow();
        assertThat(results).filteredOn(Creation.Created.class::isInstance).singleElement()
                .extracting(Creation::document).isEqualTo(winner);
        assertThat(results).filteredOn(Creation.Existing.class::isInstance).hasSize(15)
                .allSatisfy(result -> assertThat(result.document()).isEqualTo(winner));
    }

    @Test
    void aClaimSentTwiceBecauseItsAnswerWasLostIsStillOurs() {
        ledger.claim(claim("mine"));

        assertThat(ledger.claim(claim("mine"))).isInstanceOf(Creation.Created.class);
        assertThat(ledger.claim(claim("theirs"))).isInstanceOf(Creation.Existing.class);
    }

    @Test
    void theFirstManifestIsTheEnd() {
        var succeeded = manifest(Outcome.SUCCEEDED, "first");
        ledger.commit(succeeded);

        assertThat(ledger.commit(manifest(Outcome.CANCELLED, "late"))).isEqualTo(new Creation.Existing<>(succeeded));
        assertThat(ledger.manifest(RUN)).contains(succeeded);
    }

    @Test
    void anAttemptGoesOnFromTheNewestCheckpointBeforeIt() {
        var old = new Checkpoint(FIRST, 10, blob("a"));
        var newer = new Checkpoint(new AttemptId(RUN, 2), 20, blob("b"));
        ledger.save(old);
        ledger.save(newer);

        assertThat(ledger.checkpointBefore(FIRST)).isEmpty();
        assertThat(ledger.checkpointBefore(new AttemptId(RUN, 2))).contains(old);
        assertThat(ledger.checkpointBefore(new AttemptId(RUN, 3))).contains(newer);
        assertThat(ledger.checkpointBefore(new AttemptId(RUN, 5))).as("attempts 3 and 4 left none").contains(newer);
    }

    @Test
    void leasesAreOverwritten() {
        ledger.renew(new Lease(FIRST, "mine", 1));
        ledger.renew(new Lease(FIRST, "mine", 2));

        assertThat(ledger.lease(FIRST)).contains(new Lease(FIRST, "mine", 2));
    }

    @Test
    void documentsLieWhereTheDesignSays() {
        ledger.claim(claim("mine"));
        ledger.renew(new Lease(FIRST, "mine", 1));
        ledger.save(new Checkpoint(FIRST, 10, blob("a")));
        ledger.cancel(new Cancel(RUN, "anna", Instant.EPOCH));
        ledger.commit(manifest(Outcome.FAILED, "t"));

        assertThat(store.keys()).containsExactly(
                "jobs/job-1/runs/1/attempts/1/checkpoint.json",
                "jobs/job-1/runs/1/attempts/1/claim.json",
                "jobs/job-1/runs/1/attempts/1/lease.json",
                "jobs/job-1/runs/1/cancel.json",
                "jobs/job-1/runs/1/manifest.json");
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoAnswer() {
        store.setDown(true);

        assertThatThrownBy(() -> ledger.claim(claim("mine"))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> ledger.manifest(RUN)).isInstanceOf(StoreException.class);
    }

    private static Claim claim(String token) {
        return new Claim(FIRST, token, "worker", "host", Instant.EPOCH);
    }

    private static Artifact blob(String content) {
        return new Artifact("state", Digest.of(content.getBytes()), content.length(), Artifact.SAFETENSORS);
    }

    private static Manifest manifest(Outcome outcome, String token) {
        var failure = outcome == Outcome.FAILED ? JobFailure.of(ErrorCategory.DIVERGED, "NaN at step 3") : null;
        return new Manifest(RUN, "default", JobType.OPTIMIZE, "avatar-128@3", outcome, 1, token, Map.of(), List.of(),
                null,
                failure, Map.of("run", 1.5), Map.of("device", "cpu"), Instant.EPOCH);
    }
}
