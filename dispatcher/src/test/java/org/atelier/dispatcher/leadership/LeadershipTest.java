package org.atelier.dispatcher.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several dispatchers on a real PostgreSQL; skipped where none can be started. */
class LeadershipTest {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Database database;
    private final List<Dispatcher> dispatchers = new ArrayList<>();
    private final Set<Term> open = ConcurrentHashMap.newKeySet();

    /** A term, as far as this test is concerned. */
    private final class Term implements AutoCloseable {
        Term() {
            open.add(this);
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    /** A dispatcher whose way to the lease can be stopped. */
    private final class Dispatcher implements LeadershipLease {
        final LeadershipLease lease = database.lease();
        final AtomicBoolean away = new AtomicBoolean();
        final AtomicBoolean unfit = new AtomicBoolean();
        volatile CountDownLatch frozen = new CountDownLatch(0);
        final Leadership<Term> leadership;

        Dispatcher(String name) {
            leadership = new Leadership<>(this, name, LEASE, System::nanoTime, (leads, anew) -> {
                if (unfit.get()) {
                    throw new UnavailableException(Outage.KAFKA, "as the test wants it");
                }
                return new Term();
            });
            leadership.start();
            dispatchers.add(this);
        }

        @Override
        public Holding claim(String holder, Duration validity) {
            if (away.get()) {
                throw new UnavailableException(Outage.DATABASE, "as the test wants it");
            }
            try {
                frozen.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return lease.claim(holder, validity);
        }

        @Override
        public void release(String holder) {
            lease.release(holder);
        }
    }

    @BeforeEach
    void open() {
        database = TestDatabase.POSTGRESQL.in(folder);
    }

    @AfterEach
    void close() {
        dispatchers.forEach(each -> {
            each.frozen.countDown();
            each.leadership.close();
        });
        if (database != null) {
            database.close();
        }
        assertThat(open).isEmpty();
    }

    private Dispatcher leader(Predicate<Dispatcher> among) {
        await().atMost(PATIENCE).until(() -> dispatchers.stream().filter(among).filter(each -> each.leadership
                .isLeading() && each.leadership.term().isPresent()).count() == 1);
        return dispatchers.stream().filter(among).filter(each -> each.leadership.isLeading()).findFirst().orElseThrow();
    }

    @Test
    void exactlyOneLeadsAndTheOthersKnowWho() {
        for (int name = 0; name < 4; name++) {
            new Dispatcher("d-" + name);
        }

        var leader = leader(each -> true);

        assertThat(open).hasSize(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(dispatchers).filteredOn(each -> each != leader)
                .allSatisfy(each -> assertThat(each.leadership.otherLeader()).isEqualTo(leader.leadership.leader()))
                .allSatisfy(each -> assertThat(each.leadership.term()).isEmpty()));
        assertThat(leader.leadership.otherLeader()).isEmpty();
    }

    @Test
    void whenTheLeaderStopsAnotherTakesOverAndTheTermRises() {
        var terms = new HashSet<Long>();
        var first = new Dispatcher("first");
        leader(each -> true);
        terms.add(first.lease.claim("somebody else", LEASE).term());
        var second = new Dispatcher("second");

        first.leadership.close();
        dispatchers.remove(first);

        assertThat(leader(each -> true)).isSameAs(second);
        terms.add(second.lease.claim("somebody else", LEASE).term());
        assertThat(terms).hasSize(2);
    }

    @Test
    void oneThatIsFrozenIsFollowedAndFindsThatOutWhenItGoesOn() {
        var old = new Dispatcher("old");
        leader(each -> true);
        var other = new Dispatcher("other");
        old.frozen = new CountDownLatch(1);

        assertThat(leader(each -> each == other)).isSameAs(other);
        assertThat(old.leadership.isLeading()).as("by its own clock its lease is over").isFalse();
        old.frozen.countDown();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(old.leadership.otherLeader()).hasValueSatisfying(
                name -> assertThat(name).startsWith("other/")));
        await().atMost(PATIENCE).until(() -> open.size() == 1);
        assertThat(old.leadership.term()).isEmpty();
    }

    @Test
    void whileTheDatabaseIsAwayNobodyLeadsAndAfterwardsATermBeginsAnew() {
        var only = new Dispatcher("only");
        leader(each -> true);
        var term = only.leadership.term().orElseThrow();

        only.away.set(true);
        await().atMost(PATIENCE).until(open::isEmpty);
        assertThat(only.leadership.leader()).isEmpty();
        only.away.set(false);

        leader(each -> true);
        assertThat(only.leadership.term()).isPresent().get().isNotSameAs(term);
    }

    @Test
    void aTermThatCannotBeginIsTriedAgain() {
        var only = new Dispatcher("only");
        leader(each -> true);
        var term = only.leadership.term().orElseThrow();
        only.unfit.set(true);

        only.leadership.beginAnew();
        await().atMost(PATIENCE).until(open::isEmpty);
        assertThat(only.leadership.isLeading()).isTrue();
        only.unfit.set(false);

        leader(each -> true);
        assertThat(only.leadership.term()).isPresent().get().isNotSameAs(term);
    }
}
