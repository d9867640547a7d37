package org.atelier.dispatcher.ingest;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.projection.StoredEvent;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.Workers;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.atelier.dispatcher.watch.JobWatch;
import org.atelier.dispatcher.webhook.Interest;
import org.atelier.dispatcher.webhook.Notice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in the events and results topics: states move on, watchers are woken, workers are seen. */
public final class EventIngest implements BatchHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EventIngest.class);

    private final Projection projection;
    private final Workers workers;
    private final JobWatch watch;
    private final Metrics metrics;
    private final Bell bell;
    private final Clock clock;
    private final Interest webhooks;

    /** @param bell rung when there may be something to decide */
    public EventIngest(Projection projection, Workers workers, JobWatch watch, Metrics metrics, Bell bell,
            Clock clock, Interest webhooks) {
        this.projection = projection;
        this.workers = workers;
        this.watch = watch;
        this.metrics = metrics;
        this.bell = bell;
        this.clock = clock;
        this.webhooks = webhooks;
    }

    @Override
    public void handle(List<Received> batch) {
        // In one order for all who write, so that of two transactions none waits for the other in a circle.
        var byJob = batch.stream().sorted(Comparator.comparing(EventIngest::job)).toList();
        projection.write(write -> {
            for (var record : byJob) {
                if (record.content() instanceof Decoded.Understood understood) {
                    write(write, record, understood.event());
                } else if (record.content() instanceof Decoded.Retracted retracted) {
                    erased(retracted).ifPresent(write::erase);
                }
            }
            Positions.write(batch, write);
        });
        var jobs = new HashSet<JobId>();
        boolean isNews = false;
        for (var record : batch) {
            switch (record.content()) {
                case Decoded.Understood understood -> {
                    if (understood.event().message() instanceof Message.AboutJob about) {
                        jobs.add(about.job());
                    }
                    isNews |= take(record.topic(), understood.event().message());
                }
                case Decoded.Retracted retracted -> erased(retracted).ifPresent(jobs::add);
                case Decoded.Newer newer -> passOver(record, newer.type() + " is newer than this dispatcher");
                case Decoded.Unreadable unreadable -> passOver(record, unreadable.reason());
            }
        }
        watch.ring(jobs);
        if (isNews) {
            bell.ring();
        }
    }

    /** The job that a record is about; nothing, where it is about none. */
    private static String job(Received record) {
        return record.content() instanceof Decoded.Understood understood && understood.event()
                .message() instanceof Message.AboutJob about ? about.job().value() : "";
    }

    private void write(Projection.Batch write, Received record, Event event) {
        write.note(event.message(), event.time());
        if (record.topic().equals(Topics.RESULTS) && event.message() instanceof Message.RunEnded ended) {
            write.announced(ended.manifest().run());
        }
        if (record.topic().equals(Topics.EVENTS) && !(event.message() instanceof Message.JobErased) && event
                .message() instanceof Message.AboutJob about) {
            write.keep(StoredEvent.of(about, record.offset(), clock.instant()));
        }
        if (webhooks.mayWant(MessageType.of(event.message()), event.time())) {
            Notice.of(event).ifPresent(notice -> write.keep(notice, clock.instant()));
        }
    }

    /** Results are retracted by their job's id; refusals of requests have keys that are no ids, and nothing is known of them. */
    private static Optional<JobId> erased(Decoded.Retracted retracted) {
        try {
            return Optional.of(new JobId(retracted.key()));
        } catch (IllegalArgumentException e) {
            LOG.debug("{} is no job's", retracted.key(), e);
            return Optional.empty();
        }
    }

    /**
     * Counts what is told.
     *
     * @return whether it may be time to decide something. Of a job, nothing follows from how far it is, from what the feeder
     *         said itself, or from a first run whose request is read elsewhere; nor from a worker that is as it was.
     *         Were it otherwise, the next round without news would see it.
     */
    private boolean take(String topic, Message message) {
        switch (message) {
            case Message.WorkerAlive alive -> {
                return workers.alive(alive);
            }
            case Message.AttemptProgressed progressed -> {
                return false;
            }
            case Message.AttemptReady ready -> {
                return false;
            }
            case Message.RunQueued queued -> {
                return queued.run().run() > RunId.FIRST;
            }
            case Message.WorkerLeft left -> workers.left(left.worker());
            case Message.AttemptFailed failed -> metrics.failed(failed.failure().category());
            case Message.RunEnded ended when topic.equals(Topics.RESULTS) -> metrics.ended(ended.manifest().outcome(),
                    ended.manifest().type());
            default -> {
            }
        }
        return true;
    }

    private void passOver(Received record, String reason) {
        LOG.warn("{} is passed over: {}", record.place(), reason);
        metrics.unreadable(record.topic());
    }
}
