package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.config.Configuration;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.atelier.common.store.StoreException;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.TenantBundles;
import org.atelier.dispatcher.compose.Compositions;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.ingest.EventIngest;
import org.atelier.dispatcher.ingest.Isolating;
import org.atelier.dispatcher.ingest.RequestIngest;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.ScheduleSettings;
import org.atelier.dispatcher.schedule.Scheduling;
import org.atelier.dispatcher.schedule.Workers;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.atelier.dispatcher.trace.Spans;
import org.atelier.dispatcher.watch.JobWatch;

/** A dispatcher process, put together as {@code Dispatcher} does it, on fibers. */
final class DispatcherNode {
    private static final ScheduleSettings SETTINGS = ScheduleSettings.of(Configuration.read(ScheduleSettings.LIST, Map
            .of()));
    /** In production half a second, and at once when there is news: a round costs more than all else in a simulation. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(3);
    private static final Duration SHORTEST_ROUND = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MOST_AT_ONCE = 20;

    private final World world;
    private final Host host;
    private final Intake intake;
    private final Cancellation cancellation;
    private final List<Reader> readers = new ArrayList<>();

    /** Reads topics from where the projection has got to, and again from there when it could not go on. */
    private final class Reader {
        private final List<String> topics;
        private final BatchHandler handler;
        private final Map<String, Long> next = new HashMap<>();
        private final Map<String, Integer> ends = new HashMap<>();

        Reader(List<String> topics, BatchHandler handler) {
            this.topics = topics;
            this.handler = handler;
            topics.forEach(topic -> ends.put(topic, world.brokers().of(topic).size()));
        }

        boolean isCaughtUp() {
            return topics.stream().allMatch(topic -> next.getOrDefault(topic, 0L) >= ends.get(topic));
        }

        boolean turn() {
            topics.forEach(topic -> next.computeIfAbsent(topic, key -> world.database().projection().positions(key)
                    .getOrDefault(0, 0L)));
            var batch = new ArrayList<Received>();
            topics.forEach(topic -> batch.addAll(world.brokers().of(topic).read(next.get(topic), 1 + world.simulation()
                    .random().nextInt(MOST_AT_ONCE))));
            if (batch.isEmpty()) {
                world.brokers().of(topics.getFirst()).await(POLL);
                return true;
            }
            try {
                handler.handle(batch);
                batch.forEach(record -> next.put(record.topic(), record.offset() + 1));
            } catch (RuntimeException e) {
                if (Outage.of(e).isEmpty()) {
                    throw e;
                }
                next.clear();
                world.simulation().pause(POLL);
            }
            if (world.faults().strikes(FaultKind.READ_AGAIN, host)) {
                next.replaceAll((topic, offset) -> Math.max(0, offset - world.simulation().random().nextInt(
                        MOST_AT_ONCE)));
            }
            return true;
        }
    }

    DispatcherNode(World world, String name) {
        this.world = world;
        this.host = world.newHost(name);
        var wire = new Wire(host, world.simulation(), world.faults(), this::mishap);
        var store = world.storeOf(wire);
        var events = world.publisherOf(wire);
        var ledger = new JobLedger(store);
        var projection = world.database().projection();
        var metrics = new Metrics(new SimpleMeterRegistry());
        var workers = new Workers(world.simulation()::now, SETTINGS.workerTimeout());
        var bell = new Bell();
        this.intake = new Intake(new SubmissionReader(), new RequestValidator(), new TenantBundles(new BundleCatalog(
                store), store), SETTINGS.pools(), ledger, events, host.clock(), tenant -> Optional.empty(),
                new Compositions(), Spans.OFF);
        this.cancellation = new Cancellation(ledger, events, host.clock());
        readers.add(new Reader(List.of(Topics.REQUESTS), new Isolating(new RequestIngest(intake, projection, events,
                SETTINGS.pools(), metrics, bell, this::run), projection, metrics)));
        readers.add(new Reader(List.of(Topics.EVENTS, Topics.RESULTS), new Isolating(new EventIngest(projection,
                workers, new JobWatch(), metrics, bell, host.clock(), (type, time) -> false), projection, metrics)));
        var scheduler = new Scheduling(SETTINGS, projection, ledger, new WiredReadyTopic(wire, world.group()), events,
                workers, metrics, host.clock(), world.simulation()::now, Duration.ofDays(7), Spans.OFF, List.of())
                .scheduler();
        readers.forEach(reader -> host.loop(reader::turn));
        host.loop(() -> {
            if (readers.stream().allMatch(Reader::isCaughtUp)) {
                scheduler.step();
            }
            world.simulation().pause(world.simulation().between(SHORTEST_ROUND, LONGEST_ROUND));
            return true;
        });
    }

    Host host() {
        return host;
    }

    /** Runs a task at once. A future would keep the death of the process from the thread that met it. */
    private void run(Runnable task) {
        task.run();
        if (host.isDead()) {
            throw new Death();
        }
    }

    private void mishap() {
        if (world.faults().strikes(FaultKind.CRASH_DISPATCHER, host)) {
            host.die();
        }
        if (world.faults().strikes(FaultKind.FREEZE_DISPATCHER, host)) {
            host.freeze(world.simulation().between(Duration.ofSeconds(1), Duration.ofSeconds(60)));
            world.succeed(this);
        }
    }

    /** Asks for a job over HTTP; empty: there was no answer, or one that says nothing. */
    Optional<Admission> submit(JobId job, JsonNode body, Duration atMost) {
        var answer = new ArrayList<Admission>();
        var answered = world.simulation().newFlag();
        host.spawn(() -> {
            try {
                answer.add(intake.submit(Principal.ANONYMOUS, job, body, null));
            } catch (StoreException | PublishException e) {
                // 503: whether it is a job now, nobody knows.
                answer.clear();
            }
            answered.raise();
        });
        answered.await(atMost);
        return answer.stream().findFirst();
    }

    /** Asks for the end of a run over HTTP. */
    void cancel(RunId run) {
        host.spawn(() -> {
            try {
                cancellation.request(Principal.ANONYMOUS, run);
            } catch (StoreException | PublishException e) {
                // 503: whether it will be cancelled, nobody knows.
                return;
            }
        });
    }
}
