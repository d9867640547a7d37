package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.HashMap;

/** Writes the demand on the board every now and then, for as long as it is stepped: while this dispatcher leads. */
public final class DemandWriter {
    /** Well within the time that the board holds good. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Pools pools;
    private final Demand demand;
    private final DemandBoard board;
    private final Ticker ticker;
    private long next = Long.MIN_VALUE;

    public DemandWriter(Pools pools, Demand demand, DemandBoard board, Ticker ticker) {
        this.pools = pools;
        this.demand = demand;
        this.board = board;
        this.ticker = ticker;
    }

    /** Writes, if it is time. */
    public void step() {
        if (ticker.nanos() < next) {
            return;
        }
        var now = new HashMap<String, Demand.Slots>();
        pools.names().forEach(pool -> now.put(pool, demand.of(pool)));
        board.write(now);
        next = ticker.nanos() + INTERVAL.toNanos();
    }
}
