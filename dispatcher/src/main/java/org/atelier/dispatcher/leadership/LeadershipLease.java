package org.atelier.dispatcher.leadership;

import java.time.Duration;

/** The right to lead, held for a while by the clock of whoever keeps the lease. */
public interface LeadershipLease {
    /**
     * Who holds the lease.
     *
     * @param holder its name
     * @param term   how often the holder has changed, this time included: for people who read logs of two dispatchers
     */
    record Holding(String holder, long term) {}

    /**
     * Takes the lease if nobody holds it, and renews it if the caller does.
     *
     * @param holder   name of the caller, of no other process ever
     * @param validity for how long from now
     * @return who holds it now
     * @throws org.atelier.dispatcher.fault.UnavailableException if that cannot be known
     */
    Holding claim(String holder, Duration validity);

    /** Gives it back where the caller holds it, so that the next need not wait for its end. */
    void release(String holder);

    /** Where no other process can be there: whoever asks, leads. */
    static LeadershipLease sole() {
        return new LeadershipLease() {
            @Override
            public Holding claim(String holder, Duration validity) {
                return new Holding(holder, 1);
            }

            @Override
            public void release(String holder) {
                // There is nobody to take it.
            }
        };
    }
}
