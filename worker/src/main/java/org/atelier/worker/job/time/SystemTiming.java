package org.atelier.worker.job.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Real time. */
public final class SystemTiming implements Timing {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Flag newFlag() {
        return new LatchFlag(new CountDownLatch(1));
    }

    private record LatchFlag(CountDownLatch latch) implements Flag {
        @Override
        public void raise() {
            latch.countDown();
        }

        @Override
        public boolean isRaised() {
            return latch.getCount() == 0;
        }

        @Override
        public boolean await(Duration atMost) {
            try {
                return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("threads of the worker are asked to stop, never interrupted", e);
            }
        }
    }
}
