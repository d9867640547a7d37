package org.atelier.dispatcher.compose;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.PartOf;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.log.LogContext;
import org.atelier.common.store.BlobStore;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.TenantBundles;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.schedule.IdleRun;
import org.atelier.dispatcher.schedule.OpenComposite;
import org.atelier.dispatcher.schedule.Part;
import org.atelier.dispatcher.schedule.RunBook;
import org.atelier.dispatcher.schedule.RunEnder;
import org.atelier.dispatcher.schedule.Ticker;
import org.atelier.dispatcher.trace.Spans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to jobs that consist of jobs: makes their parts, waits for them, and ends them.
 *
 * <p>Where such a job stands follows, each time anew, from its request and the ends of its parts, which are in the store.
 * The id of a part follows from the run that it is made for and its place in it. So it may be stopped between any two
 * writes, and two dispatchers may do the same at once: they make the same parts, and create the same manifest.
 */
public final class Composer {
    /** What a composite job is said to run on. */
    static final String NAME = "dispatcher";
    /** Most parts that are made in one step, so that the steps of others are not held up. */
    private static final int MOST_NEW = 32;
    private static final int MOST_STRAYS = 100;
    /** How long the book may take to learn of a part that was made. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Composer.class);

    private final Compositions compositions;
    private final RunBook book;
    private final JobLedger ledger;
    private final BlobStore blobs;
    private final Intake intake;
    private final Cancellation cancellation;
    private final TenantBundles bundles;
    private final EventPublisher events;
    private final RunEnder ender;
    private final Ticker ticker;
    private final Clock clock;
    private final Map<RunId, Memory> memories = new HashMap<>();

    /** What need not be asked again. Nothing is lost with it. */
    private static final class Memory {
        private final Map<JobId, EndedPart> ends = new HashMap<>();
        private final Map<JobId, Long> made = new HashMap<>();
        private int known = -1;
        private int ended = -1;
        private int told = -1;
        private long looked;
        private boolean putOff;

        boolean isNews(OpenComposite composite, long now) {
            return putOff || composite.known() != known || composite.ended() != ended || now - looked >= PATIENCE
                    .toNanos();
        }

        void looked(OpenComposite composite, long now) {
            known = composite.known();
            ended = composite.ended();
            looked = now;
        }

        boolean madeLately(JobId part, long now) {
            var at = made.get(part);
            return at != null && now - at < PATIENCE.toNanos();
        }
    }

    /** A look at one composite job. */
    private record Look(IdleRun run, StoredRequest stored, Memory memory, Map<JobId, Part> parts) {
        Principal who() {
            return new Principal(stored.tenant(), NAME);
        }

        JobRequest request() {
            return stored.submission().request();
        }
    }

    /** Ends the composite job as failed. */
    private static final class CannotGoOnException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient JobFailure failure;

        CannotGoOnException(JobFailure failure) {
            super(failure.message());
            this.failure = failure;
        }
    }

    public Composer(Compositions compositions, RunBook book, JobLedger ledger, BlobStore blobs, Intake intake,
            TenantBundles bundles, EventPublisher events, Ticker ticker, Clock clock, Spans spans) {
        this.compositions = compositions;
        this.book = book;
        this.ledger = ledger;
        this.blobs = blobs;
        this.intake = intake;
        this.cancellation = new Cancellation(ledger, events, clock);
        this.bundles = bundles;
        this.events = events;
        this.ender = new RunEnder(ledger, events, book, clock, spans);
        this.ticker = ticker;
        this.clock = clock;
    }

    /** Goes on with every composite job, as far as it can. */
    public void step() {
        book.strays(MOST_STRAYS).forEach(this::cancel);
        var open = book.composites();
        memories.keySet().retainAll(open.stream().map(composite -> composite.run().run()).collect(Collectors.toSet()));
        int room = MOST_NEW;
        for (var composite : open) {
            room -= advance(composite, room);
        }
    }

    /** Nobody needs it any more: its composite has ended, whatever ended that. */
    private void cancel(IdleRun stray) {
        cancellation.request(new Principal(Principal.ANONYMOUS.tenant(), NAME), stray.run());
        book.note(new Message.CancelRequested(stray.run(), NAME), clock.instant());
    }

    /** Goes on with one, and says how many parts were made. */
    private int advance(OpenComposite composite, int room) {
        return LogContext.call(composite.run().run().job(), () -> goOn(composite, room));
    }

    private int goOn(OpenComposite composite, int room) {
        var run = composite.run().run();
        if (composite.cancelling()) {
            ender.cancel(composite.run());
            return 0;
        }
        var memory = memories.computeIfAbsent(run, key -> new Memory());
        if (!memory.isNews(composite, ticker.nanos())) {
            return 0;
        }
        int made = memory.made.size();
        try {
            start(composite.run());
            var look = new Look(new IdleRun(run, AttemptId.FIRST), book.request(run.job()), memory, book.parts(run
                    .job()).stream().collect(Collectors.toMap(part -> part.run().job(), part -> part)));
            memory.putOff = !goOn(look, room);
            memory.looked(composite, ticker.nanos());
        } catch (CannotGoOnException e) {
            ender.fail(new IdleRun(run, AttemptId.FIRST), e.failure);
        } catch (RuntimeException e) {
            if (Outage.of(e).isPresent()) {
                throw e;
            }
            LOG.error("run {} cannot go on and is ended as failed", run, e);
            ender.fail(new IdleRun(run, AttemptId.FIRST), JobException.describe(e));
        }
        return memory.made.size() - made;
    }

    private void start(IdleRun composite) {
        if (composite.attempt() < AttemptId.FIRST) {
            var started = new Message.AttemptStarted(new AttemptId(composite.run(), AttemptId.FIRST), NAME, NAME, 0);
            events.publishAndWait(Topics.EVENTS, started);
            book.note(started, clock.instant());
        }
    }

    /** Goes through the phases that are over, to where something is left to do; whether all of that was done. */
    private boolean goOn(Look look, int room) {
        var bundle = bundles.find(look.who(), look.stored.bundle()).orElseThrow(() -> new CannotGoOnException(JobFailure
                .of(ErrorCategory.MODEL_NOT_FOUND, "The bundle " + look.stored.bundle() + " is no longer there.")));
        var phases = new ArrayList<List<EndedPart>>();
        while (true) {
            switch (compositions.next(look.request(), bundle, phases)) {
                case Step.Finished finished -> {
                    finish(look, finished);
                    return true;
                }
                case Step.Failed failed -> throw new CannotGoOnException(failed.failure());
                case Step.Parts phase -> {
                    var bodies = phase.parts().stream().map(part -> PartBody.of(part, look.stored.submission(), bundle))
                            .toList();
                    int number = phases.size() + 1;
                    var ended = new ArrayList<EndedPart>();
                    int made = 0;
                    for (int index = 0; index < bodies.size(); index++) {
                        var place = new PartOf(look.run.run(), number, index);
                        var end = end(look, place, bodies.get(index));
                        end.ifPresent(ended::add);
                        if (end.isPresent() && !phase.tolerant() && !end.get().succeeded()) {
                            throw new CannotGoOnException(failure(phase.parts().get(index), end.get()));
                        }
                        if (end.isEmpty() && isMissing(look, place)) {
                            if (made == room) {
                                return false;
                            }
                            make(look, place, bodies.get(index));
                            made++;
                        }
                    }
                    tell(look, phases, ended.size(), bodies.size());
                    if (ended.size() < bodies.size()) {
                        return true;
                    }
                    phases.add(ended);
                }
            }
        }
    }

    private static JobFailure failure(PartRequest part, EndedPart end) {
        var failure = end.manifest().failure();
        return new JobFailure(failure == null ? ErrorCategory.CANCELLED : failure.category(), false, "Its part " + end
                .job() + " (" + part.name() + ") did not succeed. " + end.reason(), null);
    }

    /** The id that a part has, whoever makes it and however often. */
    static JobId id(String tenant, PartOf place) {
        return JobId.ofKey(tenant, "part " + place.phase() + "." + place.index() + " of " + place.composite());
    }

    /**
     * How a part ended. Of a part's own runs the first counts: what somebody makes of a part later changes nothing here. A
     * replay takes what an earlier run of the composite job had got to.
     */
    private Optional<EndedPart> end(Look look, PartOf place, JsonNode body) {
        var id = id(look.stored.tenant(), place);
        var remembered = Optional.ofNullable(look.memory.ends.get(id));
        if (remembered.isPresent()) {
            return remembered;
        }
        var part = Optional.ofNullable(look.parts.get(id));
        var end = part.isPresent()
                ? part.filter(known -> known.state().terminal() || known.run().run() > RunId.FIRST)
                        .flatMap(known -> ledger.manifest(RunId.first(id)))
                        .map(manifest -> new EndedPart(id, manifest))
                : earlier(look, place, body);
        end.ifPresent(found -> look.memory.ends.put(id, found));
        return end;
    }

    /** What the same part of an earlier run of the composite job made, if it was asked for the same. */
    private Optional<EndedPart> earlier(Look look, PartOf place, JsonNode body) {
        var request = Json.read(body.path("request"), JobRequest.class);
        return Stream.iterate(place.composite().run() - 1, run -> run >= RunId.FIRST, run -> run - 1)
                .map(run -> new PartOf(new RunId(place.composite().job(), run), place.phase(), place.index()))
                .map(other -> id(look.stored.tenant(), other))
                .filter(look.parts::containsKey)
                .filter(other -> ledger.request(other).filter(stored -> stored.submission().request().equals(request))
                        .isPresent())
                .flatMap(other -> success(other).stream())
                .findFirst();
    }

    private Optional<EndedPart> success(JobId job) {
        return ledger.success(job).map((Manifest manifest) -> new EndedPart(job, manifest));
    }

    private boolean isMissing(Look look, PartOf place) {
        var id = id(look.stored.tenant(), place);
        return !look.parts.containsKey(id) && !look.memory.madeLately(id, ticker.nanos());
    }

    private void make(Look look, PartOf place, JsonNode body) {
        var id = id(look.stored.tenant(), place);
        switch (intake.submitPart(look.who(), id, body, place, look.stored.trace())) {
            case Admission.Accepted accepted -> LOG.debug("{} is part {}.{} of {}", id, place.phase(), place.index(),
                    place.composite());
            case Admission.Known known -> LOG.debug("{} was made before and is produced again", id);
            case Admission.Refused refused -> throw new CannotGoOnException(JobFailure.of(
                    ErrorCategory.INVALID_REQUEST, "Its part " + place.phase() + "." + place.index()
                            + " was refused: " + refused.violations().stream()
                                    .map(violation -> violation.field() + " " + violation.message())
                                    .collect(Collectors.joining("; "))));
            case Admission.Conflict conflict -> throw new CannotGoOnException(new JobFailure(ErrorCategory.INTERNAL,
                    false, "The id of its part " + place.phase() + "." + place.index() + ", " + id
                            + ", belongs to another request.", null));
            case Admission.Erased erased -> throw new CannotGoOnException(new JobFailure(ErrorCategory.INVALID_REQUEST,
                    false, "Its part " + place.phase() + "." + place.index() + ", " + id + ", was erased.", null));
            case Admission.OverQuota over -> throw new IllegalStateException("a quota refused a part: " + over);
        }
        look.memory.made.put(id, ticker.nanos());
    }

    /** For those who watch: nothing depends on it, so nobody waits for it. */
    private void tell(Look look, List<List<EndedPart>> phases, int ended, int parts) {
        int before = phases.stream().mapToInt(List::size).sum();
        if (before + ended == look.memory.told) {
            return;
        }
        look.memory.told = before + ended;
        var attempt = new AttemptId(look.run.run(), look.run.attempt());
        events.publish(Topics.EVENTS, new Message.AttemptProgressed(attempt, before + ended, new Message.Progress(before
                + ended, before + parts, Map.of(), null, List.of()))).exceptionally(failure -> {
                    LOG.warn("whoever watches {} will not see how far it is ({})", attempt, failure.getMessage());
                    return null;
                });
    }

    private void finish(Look look, Step.Finished finished) {
        var artifacts = new ArrayList<>(finished.artifacts());
        for (var document : finished.documents()) {
            artifacts.add(blobs.put(document.name(), Json.bytes(document.content()), Artifact.JSON));
        }
        ender.succeed(look.run, artifacts, finished.summary());
    }
}
