package org.atelier.dispatcher.intake;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.PartOf;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.log.LogContext;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.MemoryNeed;
import org.atelier.common.request.ReadSubmission;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.atelier.common.request.Violation;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.TenantBundles;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.trace.OpenSpan;
import org.atelier.dispatcher.trace.Spans;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns requests into jobs. A job exists once its {@code request.json} was created; of callers that race for one id, one
 * creates it and the others learn whether they asked for the same.
 *
 * <p>Both ways in may be repeated at any point: they come to the same end. Every method throws
 * {@link org.atelier.common.store.StoreException} or {@link org.atelier.common.event.PublishException} when the store or
 * Kafka does not answer; the caller then tries again. Safe for use by several threads.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final SubmissionReader reader;
    private final RequestValidator validator;
    private final TenantBundles bundles;
    private final Pools pools;
    private final JobLedger ledger;
    private final EventPublisher events;
    private final Clock clock;
    private final QueueLimit limit;
    private final FirstParts firstParts;
    private final Spans spans;

    /**
     * An intake.
     *
     * @param limit      how many jobs of a tenant may wait
     * @param firstParts what composite jobs begin with
     * @param spans      where submissions are traced
     */
    public Intake(SubmissionReader reader, RequestValidator validator, TenantBundles bundles, Pools pools,
            JobLedger ledger, EventPublisher events, Clock clock, QueueLimit limit, FirstParts firstParts,
            Spans spans) {
        this.reader = reader;
        this.validator = validator;
        this.bundles = bundles;
        this.pools = pools;
        this.ledger = ledger;
        this.events = events;
        this.clock = clock;
        this.limit = limit;
        this.firstParts = firstParts;
        this.spans = spans;
    }

    /**
     * Takes a request that came over HTTP. When this returns a job, the job is in the store and its request in the requests
     * topic, and nothing can lose it. A repeat of a known request is produced again: the first time may have stopped
     * between the two.
     *
     * @param caller the span that it came of; {@code null}: it is not traced, or begins a trace here
     */
    public Admission submit(Principal who, JobId job, JsonNode body, @Nullable TraceContext caller) {
        return produced(job, body, spans.submission(Spans.Channel.HTTP, job, who.tenant(), caller, null), span -> admit(
                who, job, false, body, jobs -> gate(who, body, jobs), null, null, span));
    }

    /**
     * Takes a request that came over HTTP without a name; like {@link #submit}.
     *
     * @param job a name that was just drawn: nobody can have used it, so nothing is looked for under it
     */
    public Admission submitNew(Principal who, JobId job, JsonNode body, @Nullable TraceContext caller) {
        return produced(job, body, spans.submission(Spans.Channel.HTTP, job, who.tenant(), caller, null), span -> admit(
                who, job, true, body, jobs -> gate(who, body, jobs), null, null, span));
    }

    /**
     * Takes a request that is another job's with other parameters; like {@link #submit}.
     *
     * @param parent the run that it replays
     * @param replay the span of that run's submission, if it has one
     */
    public Admission resubmit(Principal who, JobId job, JsonNode body, RunId parent, @Nullable TraceContext replay) {
        return produced(job, body, spans.submission(Spans.Channel.DISPATCHER, job, who.tenant(), null, replay),
                span -> admit(who, job, false, body, jobs -> gate(who, body, jobs), parent, null, span));
    }

    /**
     * Takes a request that is a part of a composite job, which was let in as a whole: no quota refuses it.
     *
     * @param place in the composite job
     * @param whole the span of the composite job's submission, if it has one
     */
    public Admission submitPart(Principal who, JobId job, JsonNode body, PartOf place, @Nullable TraceContext whole) {
        return produced(job, body, spans.submission(Spans.Channel.DISPATCHER, job, who.tenant(), whole, null),
                span -> admit(who, job, false, body, jobs -> Optional.empty(), null, place, span));
    }

    private Admission produced(JobId job, JsonNode body, OpenSpan span, Function<OpenSpan, Admission> decision) {
        return traced(job, span, open -> {
            var admission = decision.apply(open);
            request(admission).ifPresent(request -> events.publishAndWait(Topics.REQUESTS, new Message.JobRequested(job
                    .value(), body), request.trace()));
            return admission;
        });
    }

    private static Admission traced(JobId job, OpenSpan span, Function<OpenSpan, Admission> decision) {
        return span.during(() -> {
            var admission = LogContext.call(job, span.context(), () -> decision.apply(span));
            span.with(SpanAttributes.OUTCOME, word(admission));
            request(admission).ifPresent(request -> span.with(SpanAttributes.BUNDLE, request.bundle()).with(
                    SpanAttributes.TYPE, JobType.of(request.submission().request()).wireName()));
            return admission;
        });
    }

    private static String word(Admission admission) {
        return switch (admission) {
            case Admission.Accepted accepted -> "accepted";
            case Admission.Known known -> "known";
            case Admission.Erased erased -> "erased";
            case Admission.Conflict conflict -> "conflict";
            case Admission.OverQuota over -> "over-quota";
            case Admission.Refused refused -> "refused";
        };
    }

    private static Optional<StoredRequest> request(Admission admission) {
        return switch (admission) {
            case Admission.Accepted accepted -> Optional.of(accepted.request());
            case Admission.Known known -> Optional.of(known.request());
            case Admission.Erased erased -> Optional.empty();
            case Admission.Conflict conflict -> Optional.empty();
            case Admission.OverQuota over -> Optional.empty();
            case Admission.Refused refused -> Optional.empty();
        };
    }

    /**
     * Takes a request that is in the requests topic. It is there, so no quota refuses it: it would be taken in when the topic
     * is read again. For the same reason it may wait for jobs that nobody knows yet.
     *
     * @param caller the span that the record came of; {@code null}: it is not traced, or begins a trace here
     */
    public Admission admit(Principal who, JobId job, JsonNode body, @Nullable TraceContext caller) {
        return traced(job, spans.submission(Spans.Channel.KAFKA, job, who.tenant(), caller, null), span -> {
            var admission = admit(who, job, false, body, jobs -> Optional.empty(), null, null, span);
            if (admission instanceof Admission.Known) {
                // What came over HTTP comes here too, and has its span.
                span.forget();
            }
            return admission;
        });
    }

    /**
     * What is asked of a new request over HTTP only, where the caller waits for the answer.
     *
     * @param jobs the request and, where it is composite, its first parts
     */
    private Optional<Admission> gate(Principal who, JsonNode body, List<JobSubmission> jobs) {
        var unknown = dependencies(jobs)
                .filter(parent -> ledger.request(parent).isEmpty())
                .map(parent -> unknown(body, parent))
                .toList();
        if (!unknown.isEmpty()) {
            return Optional.of(new Admission.Refused(unknown));
        }
        return limit.reached(who.tenant()).map(Admission.OverQuota::new);
    }

    private Admission admit(Principal who, JobId job, boolean isNew, JsonNode body,
            Function<List<JobSubmission>, Optional<Admission>> gate, @Nullable RunId parent, @Nullable PartOf partOf,
            OpenSpan span) {
        ReadSubmission read;
        try {
            read = reader.read(body);
        } catch (InvalidSubmissionException e) {
            return new Admission.Refused(e.violations());
        }
        if (!isNew) {
            var existing = ledger.request(job);
            if (existing.isPresent()) {
                return compared(who, existing.get(), read);
            }
            if (ledger.erased(job).isPresent()) {
                return new Admission.Erased(job);
            }
        }
        var bundle = bundles.find(who, read.submission().request().bundle());
        var violations = new ArrayList<>(check(read.submission().request(), bundle));
        var jobs = violations.isEmpty()
                ? withFirstParts(read.submission(), bundle.orElseThrow(), violations)
                : List.of(read.submission());
        violations.addAll(checkDependencies(who, job, body, jobs));
        if (!violations.isEmpty()) {
            return new Admission.Refused(violations);
        }
        var request = new StoredRequest(job, who.tenant(), read.submission(), bundle.orElseThrow().reference(),
                read.fingerprint(), clock.instant(), parent, partOf, MemoryNeed.of(read.submission().request(), bundle
                        .orElseThrow()).orElse(null), span.context());
        if (size(request) > EventCodec.MAX_DATA) {
            return new Admission.Refused(List.of(new Violation("", "is too large: with all defaults filled in it has "
                    + size(request) + " bytes, and at most " + EventCodec.MAX_DATA + " can be handed to a worker")));
        }
        var closed = gate.apply(jobs);
        if (closed.isPresent()) {
            return closed.get();
        }
        return switch (ledger.create(request)) {
            case Creation.Created<StoredRequest> created -> {
                if (!isNew && ledger.erased(job).isPresent()) {
                    // The job was made, ended and erased after we had looked for it.
                    ledger.discard(job);
                    yield new Admission.Erased(job);
                }
                tell(created.document());
                yield new Admission.Accepted(created.document());
            }
            case Creation.Existing<StoredRequest> other -> compared(who, other.document(), read);
        };
    }

    private static Admission compared(Principal who, StoredRequest existing, ReadSubmission read) {
        // By identity: nobody who comes over HTTP can be it, whatever name a token gives.
        boolean isOwner = who == Principal.PRODUCER || existing.tenant().equals(who.tenant());
        return isOwner && existing.fingerprint().equals(read.fingerprint())
                ? new Admission.Known(existing)
                : new Admission.Conflict(existing.job());
    }

    private List<Violation> check(JobRequest request, Optional<BundleCard> bundle) {
        var violations = new ArrayList<Violation>();
        if (!request.composite() && pools.poolOf(JobType.of(request)).isEmpty()) {
            violations.add(new Violation("/request/type", "is " + JobType.of(request)
                    + ", which no pool of this installation runs; there are " + pools.types()));
        }
        bundle.ifPresentOrElse(card -> violations.addAll(validator.check(request, card)),
                () -> violations.add(new Violation("/request/bundle", "names " + request.bundle()
                        + ", which is not in the store; GET /v1/bundles lists what is")));
        return violations;
    }

    /** The submission, and of a composite job the first parts as well. What is wrong with them is added to the violations. */
    private List<JobSubmission> withFirstParts(JobSubmission submission, BundleCard bundle,
            List<Violation> violations) {
        var jobs = new ArrayList<>(List.of(submission));
        if (!submission.request().composite()) {
            return jobs;
        }
        var found = new LinkedHashMap<Violation, String>();
        try {
            for (var part : firstParts.of(submission, bundle)) {
                check(part, bundle, jobs).forEach(violation -> found.putIfAbsent(new Violation(part.origin().apply(
                        violation.field()), violation.message()), part.name()));
            }
        } catch (InvalidSubmissionException e) {
            violations.addAll(e.violations());
        }
        found.forEach((violation, part) -> violations.add(new Violation(violation.field(), violation.message() + " ("
                + part + ")")));
        return jobs;
    }

    private List<Violation> check(FirstParts.FirstPart part, BundleCard bundle, List<JobSubmission> jobs) {
        try {
            var submission = reader.read(part.body()).submission();
            jobs.add(submission);
            return check(submission.request(), Optional.of(bundle));
        } catch (InvalidSubmissionException e) {
            return e.violations();
        }
    }

    private List<Violation> checkDependencies(Principal who, JobId job, JsonNode body, List<JobSubmission> jobs) {
        var violations = new ArrayList<Violation>();
        dependencies(jobs).forEach(parent -> {
            if (parent.equals(job)) {
                violations.add(new Violation(NamedJobs.field(body, parent), "names the job itself"));
            } else if (ledger.erased(parent).filter(erased -> erased.tenant().equals(who.tenant())).isPresent()) {
                violations.add(new Violation(NamedJobs.field(body, parent), "names the job " + parent
                        + ", which was erased"));
            } else if (ledger.request(parent).filter(other -> !other.tenant().equals(who.tenant())).isPresent()) {
                violations.add(unknown(body, parent));
            }
        });
        return violations;
    }

    /** Of a job that is another tenant's the same is said as of one that never was. */
    private static Violation unknown(JsonNode body, JobId parent) {
        return new Violation(NamedJobs.field(body, parent), "names the job " + parent
                + ", which there is not; submit it first");
    }

    private static Stream<JobId> dependencies(List<JobSubmission> jobs) {
        return jobs.stream().flatMap(submission -> submission.dependencies().stream()).distinct();
    }

    /** Size of the largest document that carries the request on. */
    private static int size(StoredRequest request) {
        var attempt = new AttemptId(RunId.first(request.job()), Integer.MAX_VALUE);
        return Json.bytes(new Message.AttemptReady(attempt, request.tenant(), request.submission(), request
                .bundle())).length;
    }

    /** For those who watch: nothing depends on it, so nobody waits for it. */
    private void tell(StoredRequest request) {
        events.publish(Topics.EVENTS, new Message.RunQueued(RunId.first(request.job())), request.trace()).whenComplete((
                done, failure) -> {
            if (failure != null) {
                LOG.warn("whoever watches {} will not see that it was queued ({})", request.job(), failure
                        .getMessage());
            }
        });
    }
}
