package org.atelier.dispatcher.replay;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.RunOrigin;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.schedule.RunBook;
import org.atelier.dispatcher.schedule.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries replays out, a few jobs a round. Each job's part may be done again, by whomever: its next run is made by creating
 * one document, and a job with other parameters has an id that replay and job give it. So a death at any moment, and two
 * dispatchers at once, come to the same end.
 */
public final class Replayer {
    /** How often the store is asked for replays that another dispatcher took. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** Most jobs of one step, so that the steps of others are not held up. */
    private static final int AT_ONCE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

    private final ObjectStore store;
    private final JobLedger ledger;
    private final Intake intake;
    private final EventPublisher events;
    private final RunBook book;
    private final Ticker ticker;
    private final Clock clock;
    private final Map<String, Work> open = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private long looked;

    /** A replay under way. */
    private static final class Work {
        private final ReplayPlan plan;
        private ReplayPosition position;
        private long allowedSince;

        Work(ReplayPlan plan, ReplayPosition position, long now) {
            this.plan = plan;
            this.position = position;
            this.allowedSince = now - Duration.ofSeconds(1).toNanos();
        }

        boolean isDone() {
            return position.next() == plan.ended().size();
        }

        /** How many jobs the rate allows by now; saved up for a second at most. */
        int allowed(long now) {
            long second = Duration.ofSeconds(1).toNanos();
            allowedSince = Math.max(allowedSince, now - second);
            return (int) Math.min(AT_ONCE, (now - allowedSince) * plan.perSecond() / second);
        }

        void spend(int jobs) {
            allowedSince += Duration.ofSeconds(jobs).toNanos() / plan.perSecond();
        }
    }

    private enum Result {
        REPLAYED, SKIPPED, NO_ROOM
    }

    public Replayer(ObjectStore store, JobLedger ledger, Intake intake, EventPublisher events, RunBook book,
            Ticker ticker, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.intake = intake;
        this.events = events;
        this.book = book;
        this.ticker = ticker;
        this.clock = clock;
        this.looked = ticker.nanos() - LOOK.toNanos();
    }

    /** Goes on with every replay, as far as its rate allows. */
    public void step() {
        if (ticker.nanos() - looked >= LOOK.toNanos()) {
            look();
            looked = ticker.nanos();
        }
        for (var work : open.values()) {
            advance(work);
        }
        open.values().removeIf(work -> {
            if (work.isDone()) {
                LOG.info("replay {} is done: {} of {} jobs run again", work.plan.id(), work.position.replayed(),
                        work.plan.ended().size());
                finished.add(work.plan.id());
            }
            return work.isDone();
        });
    }

    private void look() {
        try (var objects = store.list(StoreKeys.REPLAYS)) {
            objects.map(object -> object.key().substring(StoreKeys.REPLAYS.length()))
                    .filter(key -> key.endsWith("/plan.json"))
                    .map(key -> key.substring(0, key.indexOf('/')))
                    .filter(id -> !open.containsKey(id) && !finished.contains(id))
                    .toList()
                    .forEach(this::open);
        }
    }

    private void open(String id) {
        var plan = store.get(StoreKeys.replayPlan(id)).map(bytes -> Json.read(bytes, ReplayPlan.class));
        var position = store.get(StoreKeys.replayPosition(id)).map(bytes -> Json.read(bytes, ReplayPosition.class))
                .orElse(ReplayPosition.START);
        plan.ifPresent(found -> open.put(id, new Work(found, position, ticker.nanos())));
    }

    private void advance(Work work) {
        int most = work.allowed(ticker.nanos());
        int done = 0;
        var result = Result.REPLAYED;
        while (done < most && !work.isDone() && result != Result.NO_ROOM) {
            var before = work.position;
            result = work.plan.set().isEmpty()
                    ? again(work.plan, before.next())
                    : edited(work.plan, before.next());
            work.position = switch (result) {
                case REPLAYED -> new ReplayPosition(before.next() + 1, before.replayed() + 1, before.skipped());
                case SKIPPED -> new ReplayPosition(before.next() + 1, before.replayed(), before.skipped() + 1);
                case NO_ROOM -> before;
            };
            done++;
        }
        if (done > 0) {
            work.spend(done);
            store.put(StoreKeys.replayPosition(work.plan.id()), Json.bytes(work.position), Artifact.JSON);
        }
    }

    /** The next run of the same job. */
    private Result again(ReplayPlan plan, int index) {
        var ended = plan.ended().get(index);
        if (ledger.request(ended.job()).isEmpty()) {
            return skipped(plan, ended, "its request is gone");
        }
        var next = ended.next();
        var origin = ledger.replay(new RunOrigin(next, plan.id(), plan.actor(), clock.instant())).document();
        if (!origin.replay().equals(plan.id())) {
            return skipped(plan, ended, "the replay " + origin.replay() + " was first");
        }
        var queued = new Message.RunQueued(next);
        events.publishAndWait(Topics.EVENTS, queued);
        book.note(queued, clock.instant());
        return Result.REPLAYED;
    }

    /** A new job with other parameters. */
    private Result edited(ReplayPlan plan, int index) {
        var ended = plan.ended().get(index);
        var request = ledger.request(ended.job());
        if (request.isEmpty()) {
            return skipped(plan, ended, "its request is gone");
        }
        var job = JobId.ofKey(plan.tenant(), "replay " + plan.id() + " of " + ended);
        var body = Edit.apply(request.get().submission(), plan.set());
        return switch (intake.resubmit(new Principal(plan.tenant(), plan.actor()), job, body, ended, request.get()
                .trace())) {
            case Admission.Accepted accepted -> Result.REPLAYED;
            case Admission.Known known -> Result.REPLAYED;
            case Admission.OverQuota over -> Result.NO_ROOM;
            case Admission.Erased erased -> skipped(plan, ended, "it was replayed before, and that job was erased");
            case Admission.Conflict conflict -> skipped(plan, ended, "the id " + conflict.job() + " is taken");
            case Admission.Refused refused -> skipped(plan, ended, refused.violations().toString());
        };
    }

    private static Result skipped(ReplayPlan plan, RunId ended, String why) {
        LOG.warn("replay {} leaves out {}: {}", plan.id(), ended, why);
        return Result.SKIPPED;
    }
}
