package org.atelier.dispatcher.schedule;

import java.util.Map;
import java.util.Optional;

/**
 * Where the dispatcher that leads writes the demand for others to read: a service in front of several asks any of them, and an
 * autoscaler that is refused by every second one is blind for half of the time.
 */
public interface DemandBoard {
    /** Writes the demand for the slots of pools. */
    void write(Map<String, Demand.Slots> demand);

    /**
     * The demand for a pool's slots as it was written a moment ago; empty if nobody has: what is older is not known any more.
     *
     * @throws org.atelier.dispatcher.fault.UnavailableException if it cannot be read
     */
    Optional<Demand.Slots> read(String pool);

    /** Where there is one dispatcher only, nobody reads. */
    static DemandBoard unread() {
        return new DemandBoard() {
            @Override
            public void write(Map<String, Demand.Slots> demand) {
                // There is nobody to read it.
            }

            @Override
            public Optional<Demand.Slots> read(String pool) {
                return Optional.empty();
            }
        };
    }
}
