package org.atelier.worker.job.world;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.event.Message.RunEnded;
import org.atelier.common.event.RecordingPublisher;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Cancel;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** One run and the world around it: time, store, topics, and a dispatcher reduced to what the protocol wants of it. */
public final class Fleet {
    /** Lock duration of the share group. */
    public static final Duration LOCK = Duration.ofSeconds(30);
    /** The run that tests are about. */
    public static final RunId RUN = RunId.first(new JobId("job-1"));
    /** Its first attempt. */
    public static final AttemptId FIRST = new AttemptId(RUN, 1);
    /** Its request. */
    public static final OptimizeRequest REQUEST = request(6, 2);

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final FakeTiming timing = new FakeTiming();
    private final MemoryObjectStore store;
    private final RecordingPublisher events = new RecordingPublisher();
    private final FakeShareGroup group = new FakeShareGroup(timing, LOCK);
    private final JobLedger ledger;
    private final Path scratch;
    private int fed;

    /** @param scratch folder for the files of attempts */
    public Fleet(Path scratch) {
        this(scratch, new MemoryObjectStore(CLOCK));
    }

    /** On a store of the test's own. */
    public Fleet(Path scratch, MemoryObjectStore store) {
        this.scratch = scratch;
        this.store = store;
        this.ledger = new JobLedger(store);
    }

    /** A request of so many steps. */
    public static OptimizeRequest request(int steps, int previewEvery) {
        return new OptimizeRequest("faces", new Source.Seed(85), "a smile", null, null, steps, null, null, null, null,
                null, null, null, null, previewEvery, null, null, null, null, null, null, null);
    }

    /** An event as it arrives. */
    public static Decoded arrived(Message message) {
        return arrived(message, null);
    }

    /** An event of a span as it arrives. */
    public static Decoded arrived(Message message, @Nullable TraceContext trace) {
        return new Decoded.Understood(new Event("id", URI.create("/test"), CLOCK.instant(), null, message, trace));
    }

    /** The ready record of an attempt. */
    public static AttemptReady ready(AttemptId attempt) {
        return new AttemptReady(attempt, "tenant", new JobSubmission(REQUEST, 0, Map.of("for", "test")), "faces@1");
    }

    public FakeTiming timing() {
        return timing;
    }

    public Clock clock() {
        return CLOCK;
    }

    public MemoryObjectStore store() {
        return store;
    }

    public RecordingPublisher events() {
        return events;
    }

    public FakeShareGroup group() {
        return group;
    }

    public JobLedger ledger() {
        return ledger;
    }

    public Path scratch() {
        return scratch;
    }

    /** Feeds the next attempt. */
    public AttemptId feed() {
        fed++;
        return feedAgain();
    }

    /** Feeds the next attempt of a job whose submission was traced. */
    public AttemptId feed(@Nullable TraceContext submission) {
        fed++;
        var attempt = new AttemptId(RUN, fed);
        group.append(arrived(ready(attempt), submission));
        return attempt;
    }

    /** Feeds the newest attempt once more. */
    public AttemptId feedAgain() {
        var attempt = new AttemptId(RUN, fed);
        group.append(arrived(ready(attempt)));
        return attempt;
    }

    /** Somebody cancels the run. */
    public void cancel() {
        ledger.cancel(new Cancel(RUN, "somebody", CLOCK.instant()));
    }

    /** How the run ended, if it has. */
    public Manifest manifest() {
        return ledger.manifest(RUN).orElseThrow(() -> new AssertionError("the run has not ended"));
    }

    /** Whether the run has ended and upstream knows. */
    public boolean isOver() {
        return ledger.manifest(RUN).isPresent() && !results().isEmpty();
    }

    /** The result events, as upstream sees them. */
    public List<Manifest> results() {
        return events.published().stream()
                .filter(published -> published.topic().equals(Topics.RESULTS))
                .map(published -> ((RunEnded) published.message()).manifest())
                .toList();
    }

    /**
     * Brings the run to its end with healthy workers, as the dispatcher does it: an attempt that is claimed by nobody alive
     * is followed by the next, and one that is claimed by nobody and waits nowhere is fed again. Nothing else may be
     * running.
     */
    public void settle(Node healthy) {
        for (int round = 0; !isOver(); round++) {
            if (round == 10) {
                throw new AssertionError("the run does not end; attempts fed: " + fed + ", store: " + store.keys());
            }
            if (group.waiting() == 0) {
                if (ledger.claim(new AttemptId(RUN, fed)).isPresent() && ledger.manifest(RUN).isEmpty()) {
                    feed();
                } else {
                    feedAgain();
                }
            }
            healthy.turnUntilQuiet();
        }
        healthy.turnUntilQuiet();
    }

    /** Checks what must hold for every run that has ended, whatever happened to the workers. */
    public void checkInvariants() {
        var manifest = manifest();
        for (var result : results()) {
            if (!result.equals(manifest)) {
                throw new AssertionError("upstream was told " + result + ", but the run ended as " + manifest);
            }
        }
        if (results().isEmpty()) {
            throw new AssertionError("upstream was not told");
        }
        if (manifest.outcome() == Outcome.SUCCEEDED) {
            var expected = ChainRunner.expected(REQUEST);
            var digests = manifest.artifacts().stream().map(Artifact::digest).toList();
            if (!digests.equals(List.of(expected))) {
                throw new AssertionError("the result is " + digests + " and not " + expected);
            }
            for (var digest : digests) {
                new BlobStore(store).get(digest);
            }
        }
    }
}
