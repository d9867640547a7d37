package org.atelier.worker.job.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.worker.job.slot.ConsumerFailedException;
import org.atelier.worker.job.slot.Delivery;
import org.atelier.worker.job.slot.ReadyConsumer;
import org.atelier.worker.job.slot.ReadyConsumers;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.jspecify.annotations.Nullable;

/**
 * One partition and its share group, with what was measured on a broker:
 * <ul>
 * <li>an acknowledgement or renewal of a record that the start offset has moved past succeeds, whoever sends it;
 * <li>a poll that returned nothing leaves a fetch behind, which takes the next record into the consumer's buffer; the
 * consumer hands it out later, also when the lock has long gone to another;
 * <li>closing releases at once and counts a delivery; a lost connection or lock frees the record, and the next renewal
 * fails;
 * <li>a record that was delivered too often is archived.
 * </ul>
 */
public final class FakeShareGroup implements ReadyConsumers {
    /** Deliveries after which a record is archived. */
    public static final int DELIVERY_LIMIT = 25;

    private enum State {
        AVAILABLE, ACQUIRED, ACCEPTED, REJECTED, ARCHIVED
    }

    private static final class Entry {
        private final Decoded content;
        private State state = State.AVAILABLE;
        private @Nullable Member owner;
        private long lockedUntil;
        private int deliveries;

        Entry(Decoded content) {
            this.content = content;
        }
    }

    private final Timing timing;
    private final Duration lock;
    private final List<Entry> log = new ArrayList<>();
    private final Set<Member> members = new LinkedHashSet<>();
    private Flag arrival;
    private int opened;
    private boolean down;
    private @Nullable Error broken;

    /** @param lock how long a record stays with a consumer that does not renew */
    public FakeShareGroup(Timing timing, Duration lock) {
        this.timing = timing;
        this.lock = lock;
        this.arrival = timing.newFlag();
    }

    /** A producer wrote a record. */
    public synchronized void append(Decoded content) {
        var entry = new Entry(content);
        log.add(entry);
        members.stream().filter(member -> member.fetching).findFirst().ifPresent(member -> {
            member.fetching = false;
            member.buffered = acquire(entry, member);
        });
        arrival.raise();
        arrival = timing.newFlag();
    }

    /** The brokers are away, or back: nothing is delivered, renewed or acknowledged; whoever held a record has lost it. */
    public synchronized void setDown(boolean down) {
        this.down = down;
        log.stream().filter(entry -> entry.state == State.ACQUIRED).forEach(FakeShareGroup::free);
    }

    /** Every poll from now on throws this. */
    public synchronized void breakWith(Error error) {
        this.broken = error;
    }

    /** The locks of all records that are held end, and others may have them. */
    public synchronized void endLocks() {
        log.stream().filter(entry -> entry.state == State.ACQUIRED).forEach(FakeShareGroup::free);
    }

    /**
     * The brokers were restarted: whoever held a record has lost it, and as nobody kept count of deliveries, they begin
     * anew.
     */
    public synchronized void restart() {
        log.stream().filter(entry -> entry.state == State.ACQUIRED || entry.state == State.AVAILABLE).forEach(entry -> {
            entry.deliveries = 0;
            free(entry);
        });
    }

    /** The share group gives a record up, as if it had been delivered too often. */
    public synchronized void archive(int offset) {
        var entry = log.get(offset);
        if (entry.state == State.ACQUIRED || entry.state == State.AVAILABLE) {
            entry.owner = null;
            entry.state = State.ARCHIVED;
        }
    }

    /** How many records were ever written. */
    public synchronized int size() {
        return log.size();
    }

    /** A process died: its connections are closed, and so its records are free. */
    public synchronized void crash() {
        for (var member : List.copyOf(members)) {
            member.close();
        }
    }

    /** How many consumers were ever opened. */
    public synchronized int opened() {
        return opened;
    }

    /** How many consumers are open now. */
    public synchronized int openNow() {
        return members.size();
    }

    /** Whether every record has been accepted. */
    public synchronized boolean allAccepted() {
        return log.stream().allMatch(entry -> entry.state == State.ACCEPTED);
    }

    /** How many records went to the dead letters by rejection. */
    public synchronized long rejected() {
        return log.stream().filter(entry -> entry.state == State.REJECTED).count();
    }

    /** How many records nobody holds and nobody has done with. */
    public synchronized long waiting() {
        log.forEach(this::expire);
        return log.stream().filter(entry -> entry.state == State.AVAILABLE).count();
    }

    /** How many records are held by consumers. */
    public synchronized long held() {
        log.forEach(this::expire);
        return log.stream().filter(entry -> entry.state == State.ACQUIRED).count();
    }

    /** How often a record was delivered. */
    public synchronized int deliveries(int offset) {
        return log.get(offset).deliveries;
    }

    @Override
    public synchronized ReadyConsumer open() throws ConsumerFailedException {
        var member = new Member();
        members.add(member);
        opened++;
        return member;
    }

    /** The offset before which the group is done with every record. */
    public synchronized int startOffset() {
        int offset = 0;
        while (offset < log.size() && log.get(offset).state != State.AVAILABLE
                && log.get(offset).state != State.ACQUIRED) {
            offset++;
        }
        return offset;
    }

    private void expire(Entry entry) {
        if (entry.state == State.ACQUIRED && timing.nanos() - entry.lockedUntil >= 0) {
            free(entry);
        }
    }

    private static void free(Entry entry) {
        entry.owner = null;
        entry.state = entry.deliveries < DELIVERY_LIMIT ? State.AVAILABLE : State.ARCHIVED;
    }

    private Entry acquire(Entry entry, Member member) {
        entry.state = State.ACQUIRED;
        entry.owner = member;
        entry.deliveries++;
        entry.lockedUntil = timing.nanos() + lock.toNanos();
        return entry;
    }

    private Optional<Entry> next(Member member) {
        log.forEach(this::expire);
        return log.stream().filter(entry -> entry.state == State.AVAILABLE).findFirst().map(
                entry -> acquire(entry, member));
    }

    private final class Member implements ReadyConsumer {
        private @Nullable Entry held;
        private @Nullable Entry buffered;
        private boolean fetching;

        @Override
        public Optional<Delivery> poll(Duration atMost) {
            var found = pollNow();
            if (found.isEmpty()) {
                Flag wake;
                synchronized (FakeShareGroup.this) {
                    wake = arrival;
                }
                wake.await(atMost);
                found = pollNow();
            }
            synchronized (FakeShareGroup.this) {
                fetching = found.isEmpty() && !down;
            }
            return found;
        }

        private Optional<Delivery> pollNow() {
            synchronized (FakeShareGroup.this) {
                if (broken != null) {
                    throw broken;
                }
                if (held != null) {
                    throw new IllegalStateException("a record is held and not acknowledged");
                }
                if (!members.contains(this)) {
                    throw new IllegalStateException("closed");
                }
                if (buffered != null) {
                    held = buffered;
                    buffered = null;
                } else if (!down) {
                    held = next(this).orElse(null);
                }
                return Optional.ofNullable(held).map(entry -> new Delivery("ready-0@" + log.indexOf(entry),
                        entry.content, lock));
            }
        }

        @Override
        public boolean renew() {
            synchronized (FakeShareGroup.this) {
                var entry = mine();
                boolean renewed = isPast(entry) || isOurs(entry);
                if (renewed && isOurs(entry)) {
                    entry.lockedUntil = timing.nanos() + lock.toNanos();
                }
                held = renewed ? entry : null;
                return renewed;
            }
        }

        @Override
        public boolean accept() {
            return acknowledge(State.ACCEPTED);
        }

        @Override
        public boolean reject() {
            return acknowledge(State.REJECTED);
        }

        private boolean acknowledge(State state) {
            synchronized (FakeShareGroup.this) {
                var entry = mine();
                held = null;
                if (isOurs(entry)) {
                    entry.state = state;
                    entry.owner = null;
                    return true;
                }
                return isPast(entry);
            }
        }

        private Entry mine() {
            if (held == null) {
                throw new IllegalStateException("no record is held");
            }
            return held;
        }

        private boolean isPast(Entry entry) {
            return !down && log.indexOf(entry) < startOffset();
        }

        private boolean isOurs(Entry entry) {
            expire(entry);
            return !down && entry.state == State.ACQUIRED && entry.owner == this;
        }

        @Override
        public void close() {
            synchronized (FakeShareGroup.this) {
                members.remove(this);
                held = null;
                buffered = null;
                fetching = false;
                log.stream().filter(entry -> entry.owner == this).forEach(FakeShareGroup::free);
            }
        }
    }
}
