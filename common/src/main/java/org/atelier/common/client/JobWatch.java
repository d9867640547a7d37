package org.atelier.common.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;

/** Follows one job to its end, across restarts of the dispatcher. */
public final class JobWatch {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final ApiConnection api;
    private final JobId job;
    private final Consumer<Message> listener;
    private final RetryPolicy<Optional<Manifest>> reconnect;
    private Optional<String> lastEvent = Optional.empty();
    /** Of the newest event, if that is the end of a run. It is the end of the job only where the stream ends behind it. */
    private Optional<Manifest> end = Optional.empty();

    /**
     * A watch that has not looked yet.
     *
     * @param listener gets each message once, those of the past first
     * @param patience how long a dispatcher that was there may be gone
     */
    public JobWatch(ApiConnection api, JobId job, Consumer<Message> listener, Duration patience) {
        this.api = api;
        this.job = job;
        this.listener = listener;
        this.reconnect = RetryPolicy.<Optional<Manifest>>builder()
                .handle(UnreachableException.class)
                .withBackoff(FIRST_PAUSE.toMillis(), LONGEST_PAUSE.toMillis(), ChronoUnit.MILLIS)
                .withMaxAttempts(-1)
                .withMaxDuration(patience)
                .build();
    }

    /**
     * Tells everything that happened to the job and happens, until its newest run has ended.
     *
     * @return how the run ended
     * @throws UnreachableException if no dispatcher answers, at once or after it was gone for too long
     * @throws RefusedException     if the dispatcher knows no such job
     */
    public Manifest follow() throws InterruptedException {
        var end = read(open());
        while (end.isEmpty()) {
            end = reconnect();
        }
        return end.get();
    }

    private Optional<Manifest> reconnect() throws InterruptedException {
        try {
            return Failsafe.with(reconnect).get(() -> read(open()));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw e;
        }
    }

    private EventStream open() throws InterruptedException {
        return new EventStream(api.events(job, lastEvent));
    }

    /**
     * Reads one connection to its end.
     *
     * @return empty if it broke before the run ended
     * @throws UnreachableException if it broke at once: the next try then waits a little
     */
    private Optional<Manifest> read(EventStream stream) throws InterruptedException {
        long start = System.nanoTime();
        boolean fruitful = false;
        try (stream) {
            for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                fruitful = true;
                lastEvent = Optional.ofNullable(event.get().id());
                var message = message(event.get());
                message.ifPresent(listener);
                end = message.filter(Message.RunEnded.class::isInstance).map(ended -> ((Message.RunEnded) ended)
                        .manifest());
            }
            if (end.isPresent()) {
                return end;
            }
            return broken(start, fruitful, new IOException("the event stream ended before the job did"));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while watching " + job);
            }
            return broken(start, fruitful, e);
        }
    }

    private Optional<Manifest> broken(long start, boolean fruitful, IOException cause) {
        if (fruitful || System.nanoTime() - start > LONGEST_PAUSE.toNanos()) {
            return Optional.empty();
        }
        throw new UnreachableException(api.dispatcher(), cause);
    }

    /** A newer dispatcher may send events of which this client knows nothing. */
    private static Optional<Message> message(EventStream.ServerEvent event) {
        return MessageType.ofShortName(event.name())
                .map(type -> Json.read(event.data().getBytes(StandardCharsets.UTF_8), type.messageClass()));
    }
}
