package org.atelier.worker.job.world;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;

/** Time that passes when somebody waits, or when the test says so. For one thread. */
public final class FakeTiming implements Timing {
    private final Deque<Runnable> meanwhile = new ArrayDeque<>();
    private long now = 1_000_000_000_000L;

    @Override
    public long nanos() {
        return now;
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        now += duration.toNanos();
    }

    /** Has something happen in the next wait, before its time is over. Each wait takes one. */
    public void meanwhile(Runnable event) {
        meanwhile.add(event);
    }

    @Override
    public Flag newFlag() {
        return new Flag() {
            private boolean raised;

            @Override
            public void raise() {
                raised = true;
            }

            @Override
            public boolean isRaised() {
                return raised;
            }

            @Override
            public boolean await(Duration atMost) {
                if (!raised && atMost.isPositive()) {
                    var event = meanwhile.poll();
                    if (event != null) {
                        event.run();
                    }
                    if (!raised) {
                        advance(atMost);
                    }
                }
                return raised;
            }
        };
    }
}
