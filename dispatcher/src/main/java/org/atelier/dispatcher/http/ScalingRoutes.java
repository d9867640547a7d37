package org.atelier.dispatcher.http;

import java.util.Optional;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.DemandBoard;
import org.atelier.dispatcher.schedule.Pools;

/** What an autoscaler asks. Where the demand is not known the answer is an error: a zero would end workers. */
final class ScalingRoutes {
    private final Pools pools;
    private final Demand demand;
    private final DemandBoard board;
    private final Supplier<Optional<String>> otherLeader;

    ScalingRoutes(Pools pools, Demand demand, DemandBoard board, Supplier<Optional<String>> otherLeader) {
        this.pools = pools;
        this.demand = demand;
        this.board = board;
        this.otherLeader = otherLeader;
    }

    /** The names are those that scalers are configured with. */
    record ScalingView(
            @JsonProperty("demandSlots") int demandSlots,
            @JsonProperty("queued") int queued,
            @JsonProperty("running") int running,
            @JsonProperty("oldestQueuedSeconds") long oldestQueuedSeconds) {
        static ScalingView of(Demand.Slots slots) {
            return new ScalingView(slots.demand(), slots.queued(), slots.running(), slots.oldestQueuedSeconds());
        }
    }

    void register(Routing routing) {
        routing.add(HandlerType.GET, "/v1/scaling/{pool}", Role.OPERATE, this::get);
    }

    private void get(Context ctx) {
        var pool = ctx.pathParam("pool");
        if (!pools.names().contains(pool)) {
            throw new ProblemException(ProblemKind.UNKNOWN_POOL, "There is no pool " + pool + "; there are " + pools
                    .names() + ".");
        }
        var slots = otherLeader.get().map(leader -> told(pool, leader)).orElseGet(() -> demand.of(pool));
        Answers.json(ctx, HttpStatus.OK, ScalingView.of(slots));
    }

    /** Who leads counts; the others tell what it has written, as long as that is fresh. */
    private Demand.Slots told(String pool, String leader) {
        return board.read(pool).orElseThrow(() -> new ProblemException(ProblemKind.NOT_LEADING,
                "The demand is known to the dispatcher that leads, " + leader
                        + ", and it has told nothing for some seconds; ask again."));
    }
}
