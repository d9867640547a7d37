package org.atelier.chaos.proxy;

import java.util.concurrent.TimeUnit;

/** What is wrong with a link at the moment, for those who wait for it to change. */
final class Condition {
    private LinkFault fault = new LinkFault.None();

    synchronized LinkFault fault() {
        return fault;
    }

    /** Returns what was wrong before. */
    synchronized LinkFault change(LinkFault next) {
        var before = fault;
        fault = next;
        notifyAll();
        return before;
    }

    /** Waits while bytes of a direction do not travel. */
    synchronized void awaitPassage(LinkFault.Direction direction) throws InterruptedException {
        while (fault instanceof LinkFault.BlackHole
                || fault instanceof LinkFault.OneWay oneWay && oneWay.lost() == direction) {
            wait();
        }
    }

    /** Waits for so long, or until it changes. */
    synchronized void await(long nanos, LinkFault unlessNot) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && fault == unlessNot; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
