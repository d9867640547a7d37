package org.atelier.dispatcher.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.AttemptId;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.ReadyTopic;

/** Ready topics in memory, of one partition each, whose share group a test moves. It can be told to fail. */
public final class FakeReadyTopic implements ReadyTopic {
    /** A record. */
    public record Fed(String pool, Message.AttemptReady ready) {}

    private final List<Fed> records = new ArrayList<>();
    private final Map<String, Long> doneBefore = new HashMap<>();
    private final List<String> trimmed = new ArrayList<>();
    private boolean down;
    private String poison = "";

    /** Makes every call fail, or stops that. */
    public void setDown(boolean down) {
        this.down = down;
    }

    /** Makes a job one that cannot be written. */
    public void setPoison(String job) {
        this.poison = job;
    }

    /** The share group is done with everything that a pool's topic holds. */
    public void finish(String pool) {
        doneBefore.put(pool, (long) records.size());
    }

    /** The attempts fed to a pool, in order. */
    public List<AttemptId> fed(String pool) {
        return records.stream().filter(fed -> fed.pool.equals(pool)).map(fed -> fed.ready.attempt()).toList();
    }

    /** All records, in order. */
    public List<Fed> records() {
        return List.copyOf(records);
    }

    /** The pools trimmed, in order. */
    public List<String> trimmed() {
        return List.copyOf(trimmed);
    }

    @Override
    public CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready) {
        if (ready.job().value().equals(poison)) {
            throw new IllegalArgumentException("the data of an event has at most 64 kB");
        }
        if (down) {
            return CompletableFuture.failedFuture(new PublishException(pool, new IllegalStateException("down")));
        }
        records.add(new Fed(pool, ready));
        return CompletableFuture.completedFuture(new ReadyRecord(0, records.size() - 1L));
    }

    @Override
    public Map<Integer, Long> doneBefore(String pool) {
        if (down) {
            throw new UnavailableException(Outage.KAFKA, "down", new IllegalStateException("as the test wants it"));
        }
        return doneBefore.containsKey(pool) ? Map.of(0, doneBefore.get(pool)) : Map.of();
    }

    @Override
    public void trim(String pool) {
        trimmed.add(pool);
    }
}
