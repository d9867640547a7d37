package org.atelier.dispatcher.replay;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.Violation;
import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.projection.JobIndex;

/** Takes replays: says what one would do, and writes down what it shall do. Safe for use by several threads. */
public final class Replays {
    /** Most jobs of one replay: its plan is one small object. */
    public static final int MOST_JOBS = 10_000;
    private static final int MOST_PER_SECOND = 1_000;
    private static final int SAMPLE = 10;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{2,63}");

    private final ObjectStore store;
    private final JobIndex index;
    private final Audit audit;
    private final Clock clock;

    public Replays(ObjectStore store, JobIndex index, Audit audit, Clock clock) {
        this.store = store;
        this.index = index;
        this.audit = audit;
        this.clock = clock;
    }

    /** The id belongs to another replay. */
    public static final class IdTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        IdTakenException(String id) {
            super("The replay " + id + " was asked for with other words; choose another id.");
        }
    }

    /**
     * Asks for a replay. It is done in the background, also by another dispatcher if this one dies. The same request with
     * the same id is the same replay: what it selects is what it selected the first time.
     *
     * @throws InvalidSubmissionException if the request is not sound; it says why
     * @throws IdTakenException           if another request has its id
     */
    public ReplayView submit(Principal who, ReplayRequest request) {
        check(who, request);
        var id = request.id() == null ? UUID.randomUUID().toString() : request.id();
        var fingerprint = Digest.of(Json.bytes(List.of(who.tenant(), request.jobs(), Json.tree(request.filter()),
                request.set()))).toString();
        if (!request.dryRun()) {
            var known = plan(id);
            if (known.isPresent()) {
                return known(known.get(), fingerprint);
            }
        }
        var entries = select(who, request);
        var view = view(request.dryRun() ? null : id, entries, request);
        if (request.dryRun()) {
            return view;
        }
        var plan = new ReplayPlan(id, tenant(who, request), who.actor(), fingerprint, entries.stream()
                .map(entry -> new RunId(entry.request().job(), entry.run()))
                .toList(), request.set(), request.perSecond(), clock.instant());
        audit.record(who, "job.replay", id, Map.of("jobs", String.valueOf(entries.size()), "filter", Json.text(Json
                .tree(request.filter())), "set", Json.text(request.set())));
        if (store.createIfAbsent(StoreKeys.replayPlan(id), Json.bytes(plan), Artifact.JSON)) {
            return view;
        }
        return known(plan(id).orElseThrow(() -> new NoSuchObjectException(StoreKeys.replayPlan(id))), fingerprint);
    }

    /** A replay of the tenant's jobs, to an admin one of anybody's, or empty if there is none. */
    public Optional<ReplayView> find(Principal who, String id) {
        return ID.matcher(id).matches()
                ? plan(id).filter(plan -> plan.tenant().equals(who.tenant()) || who.role().covers(Role.ADMIN)).map(
                        this::view)
                : Optional.empty();
    }

    private ReplayView known(ReplayPlan plan, String fingerprint) {
        if (!plan.fingerprint().equals(fingerprint)) {
            throw new IdTakenException(plan.id());
        }
        return view(plan);
    }

    private Optional<ReplayPlan> plan(String id) {
        return store.get(StoreKeys.replayPlan(id)).map(bytes -> Json.read(bytes, ReplayPlan.class));
    }

    private ReplayView view(ReplayPlan plan) {
        var position = store.get(StoreKeys.replayPosition(plan.id()))
                .map(bytes -> Json.read(bytes, ReplayPosition.class))
                .orElse(ReplayPosition.START);
        return new ReplayView(plan.id(), plan.ended().size(), position.replayed(), position.skipped(), position
                .next() == plan.ended().size(), plan.ended().stream().limit(SAMPLE).map(RunId::job).toList(), null, Map
                        .of());
    }

    /** Whose jobs are meant. */
    private static String tenant(Principal who, ReplayRequest request) {
        var filter = request.filter();
        return filter == null || filter.tenant() == null ? who.tenant() : filter.tenant();
    }

    private static void check(Principal who, ReplayRequest request) {
        var violations = new ArrayList<Violation>();
        if (request.id() != null && !ID.matcher(request.id()).matches()) {
            violations.add(new Violation("/id", "has 3 to 64 characters of a-z, 0-9 and -"));
        }
        if (request.jobs().isEmpty() == (request.filter() == null)) {
            violations.add(new Violation("/jobs", "either names jobs, or a filter says which; one of the two"));
        }
        if (request.jobs().size() > MOST_JOBS) {
            violations.add(new Violation("/jobs", "names more than " + MOST_JOBS + " jobs; make several replays"));
        }
        if (request.perSecond() < 1 || request.perSecond() > MOST_PER_SECOND) {
            violations.add(new Violation("/per_second", "must be from 1 to " + MOST_PER_SECOND));
        }
        if (!tenant(who, request).equals(who.tenant()) && !who.role().covers(Role.ADMIN)) {
            violations.add(new Violation("/filter/tenant", "must be your own, " + who.tenant()
                    + "; only an admin may replay another's jobs"));
        }
        request.set().keySet().stream().filter(name -> !Edit.allowed().contains(name)).forEach(name -> violations.add(
                new Violation("/set/" + name, "may not be changed by a replay; there are " + Edit.allowed()
                        + ". Submit a new job for anything else")));
        if (!violations.isEmpty()) {
            throw new InvalidSubmissionException(violations);
        }
    }

    private List<JobIndex.Entry> select(Principal who, ReplayRequest request) {
        var filter = request.filter();
        if (filter == null) {
            return named(who, request);
        }
        var found = index.failed(new JobIndex.Failures(tenant(who, request), Optional.ofNullable(filter.type()),
                Optional
                        .ofNullable(filter.error()), Optional.ofNullable(filter.since())), MOST_JOBS + 1);
        if (found.size() > MOST_JOBS) {
            throw new InvalidSubmissionException(List.of(new Violation("/filter", "fits more than " + MOST_JOBS
                    + " jobs; narrow it, for example by since")));
        }
        return found;
    }

    private List<JobIndex.Entry> named(Principal who, ReplayRequest request) {
        var entries = new ArrayList<JobIndex.Entry>();
        var violations = new ArrayList<Violation>();
        for (var job : request.jobs()) {
            var entry = index.find(job).filter(found -> found.request().tenant().equals(who.tenant()));
            if (entry.isEmpty()) {
                violations.add(new Violation("/jobs", "names the job " + job + ", which there is not"));
            } else if (!entry.get().state().terminal()) {
                violations.add(new Violation("/jobs", "names the job " + job
                        + ", which has not ended; cancel it first"));
            } else {
                entries.add(entry.get());
            }
        }
        if (!violations.isEmpty()) {
            throw new InvalidSubmissionException(violations);
        }
        return entries;
    }

    private ReplayView view(String id, List<JobIndex.Entry> entries, ReplayRequest request) {
        var differences = new TreeMap<String, ReplayView.Difference>();
        request.set().forEach((name, value) -> {
            var from = new TreeMap<String, Integer>();
            entries.forEach(entry -> {
                var old = Edit.value(entry.request().submission(), name);
                from.merge(old.isMissingNode() ? "has none: skipped" : old.asText(), 1, Integer::sum);
            });
            differences.put(name, new ReplayView.Difference(value, from));
        });
        return new ReplayView(id, entries.size(), 0, 0, entries.isEmpty() && id != null, entries.stream().limit(SAMPLE)
                .map(entry -> entry.request().job()).toList(), estimate(entries, request), differences);
    }

    /** The usual time of each job's type, in proportion to its steps where those change; empty where a type has none. */
    private Double estimate(List<JobIndex.Entry> entries, ReplayRequest request) {
        var usual = new LinkedHashMap<JobType, Optional<Double>>();
        double seconds = 0;
        for (var entry : entries) {
            var submission = entry.request().submission();
            var one = usual.computeIfAbsent(JobType.of(submission.request()), index::usualSeconds);
            if (one.isEmpty()) {
                return null;
            }
            var steps = request.set().get("steps");
            double before = Edit.value(submission, "steps").asDouble(0);
            seconds += one.get() * (steps == null || before <= 0 ? 1 : steps.asDouble() / before);
        }
        return seconds;
    }
}
