package org.atelier.dispatcher.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Checkpoint;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Erased;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Lease;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.RunOrigin;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.support.FakeTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SweepTest {
    private static final Duration GRACE = Duration.ofDays(7);
    private static final String BINARY = "application/octet-stream";

    private final FakeTime time = new FakeTime();
    private final MemoryObjectStore store = new MemoryObjectStore(time);
    private final BlobStore blobs = new BlobStore(store);
    private final JobLedger ledger = new JobLedger(store);
    private int made;

    private Artifact blob(String content) {
        return blobs.put(content, content.getBytes(StandardCharsets.UTF_8), BINARY);
    }

    private Artifact blob() {
        return blob("blob " + made++);
    }

    private JobId accept(JobRequest request) {
        var job = new JobId("job-" + made++);
        ledger.create(new StoredRequest(job, "default", JobSubmission.of(request), "avatar-128@3", "sha256:" + "0"
                .repeat(64), time.instant()));
        return job;
    }

    private JobId accept() {
        return accept(Json.read("{\"type\":\"generate\",\"bundle\":\"avatar-128\",\"sources\":[{\"seed\":85}]}"
                .getBytes(
                        StandardCharsets.UTF_8), JobRequest.class));
    }

    private AttemptId claim(RunId run, int attempt) {
        var id = new AttemptId(run, attempt);
        ledger.claim(new Claim(id, "token-" + id, "worker", "host", time.instant()));
        ledger.renew(new Lease(id, "token-" + id, 1));
        return id;
    }

    private void end(RunId run, Outcome outcome, Artifact... artifacts) {
        ledger.commit(new Manifest(run, "default", JobType.GENERATE, "avatar-128@3", outcome, 1, "token-" + run, Map
                .of(), List.of(artifacts), null, null, Map.of(), Map.of(), time.instant()));
    }

    private Sweeper.Result sweep(boolean dryRun) {
        return new Sweeper(store, new Remover(store, Runnable::run, time), GRACE).sweep(stock(), dryRun);
    }

    private Inventory.Stock stock() {
        return new Inventory(store, Runnable::run).take();
    }

    private Set<Digest> left() {
        var left = new HashSet<Digest>();
        store.keys().stream().filter(key -> key.startsWith(StoreKeys.BLOBS + "sha256/")).forEach(key -> left.add(
                new Digest(key
                        .substring(key.lastIndexOf('/') + 1))));
        return left;
    }

    @ParameterizedTest
    @EnumSource
    void whateverARequestCanNameIsKept(JobType type) {
        var anything = new Anything(type + " ");
        List<JobRequest> requests = anything.all(type.requestClass());
        requests.forEach(this::accept);

        assertThat(stock().named()).containsAll(anything.blobs());
    }

    @Test
    void exactlyTheOrphansGo() {
        var needed = new HashSet<Digest>();
        var orphans = new HashSet<Digest>();
        for (var type : JobType.values()) {
            // What it names is written before, and touched when it is named.
            var anything = new Anything(type + " ");
            List<JobRequest> requests = anything.all(type.requestClass());
            int count = anything.blobs().size();
            for (int number = 0; number < count; number++) {
                needed.add(blob(type + " " + number).digest());
            }
            for (var request : requests) {
                var job = accept(request);
                var result = blob();
                needed.add(result.digest());
                end(RunId.first(job), Outcome.SUCCEEDED, result);
            }
        }
        var failed = accept();
        orphans.add(checkpoint(claim(RunId.first(failed), 1)));
        end(RunId.first(failed), Outcome.FAILED);
        var again = RunId.first(failed).next();
        ledger.replay(new RunOrigin(again, "replay-1", "anna", time.instant()));
        var bundle = blob();
        store.put("bundles/other/1/bundle.json", Json.bytes(Map.of("anything", List.of(bundle))), Artifact.JSON);
        store.put("replays/r-1/plan.json", Json.bytes(Map.of("set", Map.of("target", blob().digest()))), Artifact.JSON);
        store.put("of-a-later-version/x.json", Json.bytes(Map.of(blob().digest().toString(), 1)), Artifact.JSON);
        var mapper = blob();
        blobs.keep(mapper);
        var kept = made;
        needed.addAll(List.of(bundle.digest(), mapper.digest(), Digest.of(("blob " + (kept - 3)).getBytes(
                StandardCharsets.UTF_8)), Digest.of(("blob " + (kept - 2)).getBytes(StandardCharsets.UTF_8))));
        orphans.add(blob().digest());
        store.put(StoreKeys.upload("default", "one"), new byte[]{1, 2}, "image/png");
        store.put(StoreKeys.attempt(new AttemptId(RunId.first(failed), 1)) + "log.txt", "no JSON".getBytes(
                StandardCharsets.UTF_8), "text/plain");
        store.put("blobs/readme.txt", new byte[]{1}, "text/plain");
        time.pass(GRACE.plusSeconds(1));

        // Whatever an open attempt has made is younger than its claim, and so are its checkpoint and this upload.
        needed.add(checkpoint(claim(again, 1)));
        needed.add(blob().digest());
        time.pass(GRACE.minusHours(1));
        needed.add(blob().digest());
        assertThat(left()).hasSize(needed.size() + orphans.size());

        var said = sweep(true);
        assertThat(said.orphans()).isEqualTo(orphans.size() + 1);
        assertThat(said.swept()).isZero();
        assertThat(left()).as("a dry run").hasSize(needed.size() + orphans.size());

        var done = sweep(false);
        assertThat(left()).isEqualTo(needed);
        assertThat(done.orphans()).isEqualTo(said.orphans()).isEqualTo(done.swept());
        assertThat(done.sweptBytes()).isEqualTo(said.orphanBytes()).isPositive();
        assertThat(store.keys()).contains("blobs/readme.txt").doesNotContain(StoreKeys.upload("default", "one"),
                StoreKeys.CONDEMNED).noneMatch(key -> key.startsWith(StoreKeys.PROBES));
        assertThat(sweep(false).orphans()).as("nothing is left to do").isZero();
    }

    private Digest checkpoint(AttemptId attempt) {
        var state = blob();
        ledger.save(new Checkpoint(attempt, 7, state));
        return state.digest();
    }

    @Test
    void whatAnOpenAttemptHasMadeIsKeptHoweverLongItRuns() {
        var run = RunId.first(accept());
        claim(run, 1);
        var early = blob();
        var stillborn = blob();
        time.pass(GRACE.multipliedBy(5));
        claim(run, 2);

        assertThat(sweep(false).swept()).isZero();
        end(run, Outcome.SUCCEEDED, early);
        sweep(false);

        assertThat(left()).contains(early.digest()).doesNotContain(stillborn.digest());
    }

    @Test
    void aWaitingJobKeepsWhatItNamesAndHoldsBackNothingElse() {
        var input = blob();
        var orphan = blob();
        accept(Json.read(("{\"type\":\"generate\",\"bundle\":\"avatar-128\",\"sources\":[{\"latent\":\"" + input
                .digest()
                + "\"}]}").getBytes(StandardCharsets.UTF_8), JobRequest.class));
        time.pass(GRACE.multipliedBy(2));

        sweep(false);

        assertThat(left()).containsExactly(input.digest()).doesNotContain(orphan.digest());
    }

    @Test
    void aDocumentThatCannotBeReadMightNameAnything() {
        blob();
        store.put("jobs/job-1/request.json", "{\"job\": ".getBytes(StandardCharsets.UTF_8), Artifact.JSON);
        time.pass(GRACE.multipliedBy(2));

        assertThatThrownBy(() -> sweep(false)).isInstanceOf(RuntimeException.class);
        assertThat(left()).hasSize(1);
    }

    @Test
    void whatAZombieWroteAfterAnErasureIsNoRoot() {
        var job = new JobId("job-1");
        ledger.erase(new Erased(job, "default", "erasure-1", time.instant()));
        end(RunId.first(job), Outcome.SUCCEEDED, blob());
        time.pass(GRACE.multipliedBy(2));

        assertThat(sweep(false).leftovers()).isOne();
        assertThat(store.keys()).containsExactly(StoreKeys.erased(job));
    }

    @Test
    void aListThatADeadProcessLeftIsDroppedAfterAWhile() {
        var orphan = blob();
        time.pass(GRACE.multipliedBy(2));
        store.put(StoreKeys.CONDEMNED, Json.bytes(Map.of("token", "dead", "digests", List.of(orphan.digest()))),
                Artifact.JSON);

        assertThatThrownBy(() -> sweep(false)).hasMessageContaining("Another process");
        assertThat(left()).containsExactly(orphan.digest());

        time.pass(Duration.ofMinutes(11));
        assertThat(sweep(false).swept()).isOne();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void thereIsARequestForEveryType() {
        assertThat(Set.<Class<?>>of(JobRequest.class.getPermittedSubclasses())).isEqualTo(Arrays.stream(JobType
                .values()).map(
                        JobType::requestClass).collect(Collectors.toSet()));
    }
}
