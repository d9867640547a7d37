package org.atelier.dispatcher.leadership;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this dispatcher leads. While it does there is a term: what reads the topics and decides.
 *
 * <p>One thread renews the lease and does nothing else, another opens and closes terms, which may take a while. A leader that
 * was paused does not know that it no longer leads until it looks; what it does until then is harmless, since decisions may
 * be made from an old page and by two at once.
 *
 * @param <T> a term
 */
public final class Leadership<T extends AutoCloseable> implements AutoCloseable {
    /** Renewals in the time that a lease is good for. */
    private static final int RENEWALS = 4;
    /** How soon a lease that has lapsed is noticed, and a term that could not be opened is tried again. */
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long NO_TERM = 0;

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final LeadershipLease lease;
    private final String holder;
    private final Duration validity;
    private final Ticker ticker;
    private final Opening<T> terms;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Bell news = new Bell();
    private final Thread renewing;
    private final Thread seating;

    private volatile @Nullable Standing standing;
    private volatile @Nullable Outage outage;
    /** Counts the wishes for a new term. */
    private final AtomicInteger wishes = new AtomicInteger();

    private volatile @Nullable T open;
    private Seat seat = new Seat(NO_TERM, 0);

    /** What the last answered claim told. The time is that before it was asked: the lease is good for longer than we think. */
    private record Standing(String holder, long term, boolean ours, long askedAt) {}

    private record Seat(long term, int wishes) {}

    /** Opens a term. */
    @FunctionalInterface
    public interface Opening<T extends AutoCloseable> {
        /**
         * Opens a term; it is closed when this dispatcher no longer leads.
         *
         * @param leads whether it still does
         * @param anew  ends the term and opens another
         * @throws org.atelier.dispatcher.fault.UnavailableException if something is away; it is then tried again
         */
        T open(BooleanSupplier leads, Runnable anew);
    }

    /**
     * @param name     of this dispatcher; a part is added to it that no other process has
     * @param validity time without a renewal after which another takes over
     * @param terms    opens a term
     */
    public Leadership(LeadershipLease lease, String name, Duration validity, Ticker ticker,
            Opening<T> terms) {
        this.lease = lease;
        this.holder = name + "/" + UUID.randomUUID().toString().substring(0, 8);
        this.validity = validity;
        this.ticker = ticker;
        this.terms = terms;
        this.renewing = Thread.ofPlatform().name("leadership").unstarted(this::renew);
        this.seating = Thread.ofPlatform().name("terms").unstarted(this::seat);
    }

    /** Begins to stand for leader. */
    public void start() {
        renewing.start();
        seating.start();
    }

    /** Whether it stands for leader. */
    public boolean isAlive() {
        return renewing.isAlive() && seating.isAlive();
    }

    /** Whether this dispatcher leads. It ends by itself when the lease was not renewed in time. */
    public boolean isLeading() {
        var now = standing;
        return now != null && now.ours && ticker.nanos() - now.askedAt < validity.toNanos();
    }

    /** Name of the dispatcher that leads, as far as is known; empty while that is nobody. */
    public Optional<String> leader() {
        var now = standing;
        return now == null || now.ours && !isLeading() ? Optional.empty() : Optional.of(now.holder);
    }

    /** The present term; empty where another leads, or it is not opened yet. */
    public Optional<T> term() {
        return Optional.ofNullable(open);
    }

    /** Name of the dispatcher that leads, where that is another. */
    public Optional<String> otherLeader() {
        return leader().filter(leader -> !leader.equals(holder));
    }

    /** Ends the present term, if there is one, and begins another. */
    public void beginAnew() {
        wishes.incrementAndGet();
        news.ring();
    }

    private void renew() {
        do {
            claim();
        } while (!closingWithin(validity.dividedBy(RENEWALS)));
    }

    private void claim() {
        long askedAt = ticker.nanos();
        try {
            var holding = lease.claim(holder, validity);
            var before = standing;
            var now = new Standing(holding.holder(), holding.term(), holding.holder().equals(holder), askedAt);
            standing = now;
            outage = null;
            if (before == null || before.term != now.term) {
                if (now.ours) {
                    LOG.info("leads from now on (term {})", now.term);
                } else {
                    LOG.info("{} leads (term {}); this dispatcher serves the API and waits", now.holder, now.term);
                }
                news.ring();
            }
        } catch (RuntimeException e) {
            var what = Outage.of(e).orElseThrow(() -> e);
            if (outage != what) {
                LOG.warn("who leads cannot be found out while {} is away; after {} nobody does ({})", what, validity, e
                        .getMessage());
            }
            outage = what;
        }
    }

    private boolean closingWithin(Duration time) {
        try {
            return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void seat() {
        while (closing.getCount() > 0) {
            settle();
            try {
                news.await(LOOK);
            } catch (InterruptedException e) {
                break;
            }
        }
        leave();
    }

    private void settle() {
        var now = standing;
        var wanted = new Seat(now != null && isLeading() ? now.term : NO_TERM, wishes.get());
        if (wanted.equals(seat)) {
            return;
        }
        leave();
        try {
            if (wanted.term != NO_TERM) {
                open = terms.open(this::isLeading, this::beginAnew);
            }
            seat = wanted;
        } catch (RuntimeException e) {
            LOG.warn("leads, but cannot begin while {} is away; tries again ({})", Outage.of(e).orElseThrow(() -> e), e
                    .getMessage());
        }
    }

    private void leave() {
        var term = open;
        open = null;
        if (term == null) {
            return;
        }
        LOG.info("the term {} is over", seat.term);
        seat = new Seat(NO_TERM, seat.wishes);
        try {
            term.close();
        } catch (Exception e) {
            LOG.warn("the end of a term was not in good order; another may decide all the same", e);
        }
    }

    /** Ends the term, and lets another lead at once. */
    @Override
    public void close() {
        closing.countDown();
        news.ring();
        if (renewing.getState() == Thread.State.NEW) {
            return;
        }
        try {
            seating.join();
            renewing.join();
            lease.release(holder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.info("another dispatcher takes over when the lease ends, not at once ({})", e.getMessage());
        }
    }
}
