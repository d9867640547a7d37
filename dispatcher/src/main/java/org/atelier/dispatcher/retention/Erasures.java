package org.atelier.dispatcher.retention;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.PartOf;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.Violation;
import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.projection.JobIndex;
import org.jspecify.annotations.Nullable;

/** Takes erasures: says what one would do, and writes down what it shall do. Safe for use by several threads. */
public final class Erasures {
    /** Most jobs of one erasure: its plan is one small object. */
    public static final int MOST_JOBS = 10_000;
    private static final int SAMPLE = 10;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{2,63}");
    private static final Pattern SUBJECT = Pattern.compile(JobSubmission.SUBJECT_PATTERN);

    private final ObjectStore store;
    private final JobLedger ledger;
    private final JobIndex index;
    private final Audit audit;
    private final Clock clock;

    public Erasures(ObjectStore store, JobIndex index, Audit audit, Clock clock) {
        this.store = store;
        this.ledger = new JobLedger(store);
        this.index = index;
        this.audit = audit;
        this.clock = clock;
    }

    /** The id belongs to another erasure. */
    public static final class IdTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        IdTakenException(String id) {
            super("The erasure " + id + " was asked for with other words; choose another id.");
        }
    }

    /** Jobs that have not ended need what would be erased. */
    public static final class NeededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NeededException(Set<JobId> children) {
            super("Nothing is erased: jobs that have not ended wait for these or use their results: " + children
                    .stream()
                    .limit(SAMPLE).toList() + (children.size() > SAMPLE
                            ? " and " + (children.size() - SAMPLE) + " more"
                            : "")
                    + ". Cancel them first, or erase them too by with_children.");
        }
    }

    /**
     * Asks for an erasure. It is done in the background, also by another dispatcher if this one dies. The same request with
     * the same id is the same erasure: what it selects is what it selected the first time.
     *
     * @throws InvalidSubmissionException if the request is not sound; it says why
     * @throws IdTakenException           if another request has its id
     * @throws NeededException            if jobs that have not ended need what would be erased
     */
    public ErasureView submit(Principal who, ErasureRequest request) {
        check(request);
        var id = request.id() == null ? UUID.randomUUID().toString() : request.id();
        var fingerprint = Digest.of(Json.bytes(List.of(who.tenant(), String.valueOf(request.subject()), request.jobs(),
                request.withChildren()))).toString();
        if (!request.dryRun()) {
            var known = plan(id);
            if (known.isPresent()) {
                return known(known.get(), fingerprint);
            }
        }
        var jobs = new LinkedHashSet<>(request.subject() == null
                ? named(who, request.jobs())
                : index.about(who.tenant(), request.subject(), MOST_JOBS + 1));
        var children = children(jobs, request.withChildren());
        limit(jobs);
        var plan = new ErasurePlan(id, who.tenant(), who.actor(), fingerprint, request.subject(), List.copyOf(jobs),
                clock.instant());
        if (request.dryRun()) {
            return view(plan, null, List.copyOf(children));
        }
        create(who, plan, "job.erase");
        return view(plan(id).map(stored -> same(stored, fingerprint)).orElseThrow(() -> new NoSuchObjectException(
                StoreKeys.erasurePlan(id))), id, List.copyOf(children));
    }

    /** The erasure of one job, whoever asks for it and however often; empty where the tenant has no such job. */
    public Optional<ErasureView> erase(Principal who, JobId job) {
        var erased = ledger.erased(job);
        if (erased.isPresent()) {
            return erased.filter(marker -> marker.tenant().equals(who.tenant())).flatMap(marker -> find(who, marker
                    .erasure()));
        }
        if (own(who, job).isEmpty()) {
            return Optional.empty();
        }
        var name = UUID.nameUUIDFromBytes(Json.bytes(List.of("erasure", who.tenant(), job))).toString();
        return Optional.of(submit(who, new ErasureRequest(name, null, List.of(job), false, false)));
    }

    /** Writes a plan down, and before that who asked for it. */
    void create(Principal who, ErasurePlan plan, String action) {
        var details = new LinkedHashMap<String, String>();
        details.put("jobs", String.valueOf(plan.jobs().size()));
        if (plan.subject() != null) {
            details.put("subject", plan.subject());
        }
        audit.record(who, action, plan.id(), Map.copyOf(details));
        store.createIfAbsent(StoreKeys.erasurePlan(plan.id()), Json.bytes(plan), Artifact.JSON);
    }

    /** An erasure of the tenant, or empty if there is none. */
    public Optional<ErasureView> find(Principal who, String id) {
        return ID.matcher(id).matches()
                ? plan(id).filter(plan -> plan.tenant().equals(who.tenant())).map(plan -> view(plan, id, null))
                : Optional.empty();
    }

    private ErasureView known(ErasurePlan plan, String fingerprint) {
        return view(same(plan, fingerprint), plan.id(), null);
    }

    private static ErasurePlan same(ErasurePlan plan, String fingerprint) {
        if (!plan.fingerprint().equals(fingerprint)) {
            throw new IdTakenException(plan.id());
        }
        return plan;
    }

    private Optional<ErasurePlan> plan(String id) {
        return store.get(StoreKeys.erasurePlan(id)).map(bytes -> Json.read(bytes, ErasurePlan.class));
    }

    private ErasureView view(ErasurePlan plan, @Nullable String id, @Nullable List<JobId> children) {
        var report = id == null
                ? Optional.<ErasureReport>empty()
                : store.get(StoreKeys.erasureReport(id)).map(bytes -> Json.read(bytes, ErasureReport.class));
        var waiting = report.isPresent()
                ? List.<JobId>of()
                : plan.jobs().stream().filter(job -> index.find(job).filter(entry -> !entry.state().terminal())
                        .isPresent()).limit(SAMPLE).toList();
        return new ErasureView(id, plan.subject(), plan.jobs().size(), plan.jobs().stream().limit(SAMPLE).toList(),
                waiting, children, report.isPresent(), report.map(ErasureReport::blobs).orElse(null), report.map(
                        ErasureReport::bytes).orElse(null),
                report.map(ErasureReport::kept).orElse(null));
    }

    private static void check(ErasureRequest request) {
        var violations = new ArrayList<Violation>();
        if (request.id() != null && !ID.matcher(request.id()).matches()) {
            violations.add(new Violation("/id", "has 3 to 64 characters of a-z, 0-9 and -"));
        }
        if (request.jobs().isEmpty() == (request.subject() == null)) {
            violations.add(new Violation("/jobs", "either names jobs, or subject says whose; one of the two"));
        }
        if (request.subject() != null && !SUBJECT.matcher(request.subject()).matches()) {
            violations.add(new Violation("/subject", "has up to 64 letters, digits, dots, hyphens, underscores and"
                    + " colons, as in the submissions"));
        }
        if (!violations.isEmpty()) {
            throw new InvalidSubmissionException(violations);
        }
        limit(request.jobs());
    }

    private static void limit(Collection<JobId> jobs) {
        if (jobs.size() > MOST_JOBS) {
            throw new InvalidSubmissionException(List.of(new Violation("/jobs", "are more than " + MOST_JOBS
                    + "; make several erasures")));
        }
    }

    private List<JobId> named(Principal who, List<JobId> jobs) {
        var violations = jobs.stream()
                .filter(job -> own(who, job).isEmpty())
                .map(job -> new Violation("/jobs", "names the job " + job + ", which there is not"))
                .toList();
        if (!violations.isEmpty()) {
            throw new InvalidSubmissionException(violations);
        }
        return jobs;
    }

    private Optional<StoredRequest> own(Principal who, JobId job) {
        return ledger.request(job).filter(request -> request.tenant().equals(who.tenant()));
    }

    /**
     * The jobs that use what these made: those that read a result or wait for one, and the composite jobs that these are parts
     * of. Parts of these go with them and are none.
     *
     * @param jobs takes them in, where they are wanted too
     * @return those that have ended and stay
     */
    private Set<JobId> children(Set<JobId> jobs, boolean wanted) {
        var family = new LinkedHashSet<>(jobs);
        var ended = new TreeSet<JobId>(Comparator.comparing(JobId::value));
        var open = new TreeSet<JobId>(Comparator.comparing(JobId::value));
        var left = new ArrayDeque<>(jobs);
        while (!left.isEmpty() && family.size() <= MOST_JOBS) {
            var job = left.poll();
            index.parts(job).stream().map(part -> part.run().job()).filter(family::add).forEach(left::add);
            for (var child : children(job)) {
                var name = child.entry.request().job();
                if (wanted && child.uses && family.add(name)) {
                    jobs.add(name);
                    left.add(name);
                } else if (!child.entry.state().terminal()) {
                    open.add(name);
                } else if (child.uses) {
                    ended.add(name);
                }
            }
        }
        // A later one of the family may have been met first as a child of an earlier one.
        open.removeAll(family);
        ended.removeAll(family);
        if (!open.isEmpty()) {
            throw new NeededException(open);
        }
        return ended;
    }

    /** @param uses whether it has something of the other job in its result, or will have */
    private record Child(JobIndex.Entry entry, boolean uses) {}

    private List<Child> children(JobId job) {
        var composite = index.find(job).map(entry -> entry.request().partOf()).map(PartOf::composite).flatMap(
                run -> index.find(run.job()));
        return Stream.concat(
                composite.stream().map(entry -> new Child(entry, true)),
                index.children(job).stream().map(entry -> new Child(entry, entry.request().submission().request()
                        .parents().contains(job))))
                .toList();
    }
}
