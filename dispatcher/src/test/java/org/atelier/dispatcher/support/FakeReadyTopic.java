package org.atelier.dispatcher.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.AttemptId;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.ReadyTopic;
import org.jspecify.annotations.Nullable;

/** Ready topics in memory, all in one partition, and the share groups that consume them. It can be told to fail. Safe for use by several threads. */
public final class FakeReadyTopic implements ReadyTopic {
    /** A record, and the span that it came of. */
    public record Fed(String pool, Message.AttemptReady ready, @Nullable TraceContext trace) {}

    private enum Delivery {
        AVAILABLE, ACQUIRED, DONE
    }

    private final List<Fed> records = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<String> trimmed = new ArrayList<>();
    private boolean down;
    private String poison = "";

    /** Makes every call fail, or stops that. */
    public synchronized void setDown(boolean down) {
        this.down = down;
    }

    /** Makes a job one that cannot be written. */
    public synchronized void setPoison(String job) {
        this.poison = job;
    }

    /** A slot takes the next record that nobody holds; empty if there is none. */
    public synchronized Optional<ReadyRecord> take() {
        return IntStream.range(0, records.size())
                .filter(offset -> deliveries.get(offset) == Delivery.AVAILABLE)
                .boxed()
                .findFirst()
                .map(offset -> {
                    deliveries.set(offset, Delivery.ACQUIRED);
                    return new ReadyRecord(0, offset);
                });
    }

    /** What a record says. */
    public synchronized Message.AttemptReady read(ReadyRecord record) {
        return records.get((int) record.offset()).ready;
    }

    /** A record is acknowledged, or given up by the broker. */
    public synchronized void done(ReadyRecord record) {
        deliveries.set((int) record.offset(), Delivery.DONE);
    }

    /** Whoever held a record is gone: it is delivered again. */
    public synchronized void release(ReadyRecord record) {
        deliveries.set((int) record.offset(), Delivery.AVAILABLE);
    }

    /** The share groups are done with everything. */
    public synchronized void finish() {
        deliveries.replaceAll(delivery -> Delivery.DONE);
    }

    /** The attempts that were fed, in order. */
    public synchronized List<AttemptId> fed() {
        return records.stream().map(fed -> fed.ready.attempt()).toList();
    }

    /** All records, in order. */
    public synchronized List<Fed> records() {
        return List.copyOf(records);
    }

    /** The pools trimmed, in order. */
    public synchronized List<String> trimmed() {
        return List.copyOf(trimmed);
    }

    @Override
    public synchronized CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready,
            @Nullable TraceContext trace) {
        if (ready.job().value().equals(poison)) {
            throw new IllegalArgumentException("the data of an event has at most 64 kB");
        }
        if (down) {
            return CompletableFuture.failedFuture(new PublishException(pool, new IllegalStateException("down")));
        }
        records.add(new Fed(pool, ready, trace));
        deliveries.add(Delivery.AVAILABLE);
        return CompletableFuture.completedFuture(new ReadyRecord(0, records.size() - 1L));
    }

    @Override
    public synchronized Map<Integer, Long> doneBefore(String pool) {
        if (down) {
            throw new UnavailableException(Outage.KAFKA, "down", new IllegalStateException("as the test wants it"));
        }
        long first = IntStream.range(0, records.size())
                .filter(offset -> deliveries.get(offset) != Delivery.DONE)
                .findFirst()
                .orElse(records.size());
        return Map.of(0, first);
    }

    @Override
    public synchronized void trim(String pool) {
        trimmed.add(pool);
    }
}
