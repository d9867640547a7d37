package org.atelier.dispatcher.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.projection.FleetIndex;
import org.atelier.dispatcher.projection.Usage;

/** What jobs took of devices, by tenant and type. */
final class UsageRoutes {
    private static final Duration A_DAY = Duration.ofDays(1);

    /** Every attempt of the time is looked at. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private final FleetIndex fleet;
    private final Clock clock;

    UsageRoutes(FleetIndex fleet, Clock clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    /**
     * What attempts took that were started in a time.
     *
     * @param since when it begins
     * @param until when it is over
     * @param usage by tenant and type
     */
    record UsageReport(Instant since, Instant until, List<Usage> usage) {}

    void register(Routing routing) {
        routing.add(HandlerType.GET, "/v1/usage", Role.READ, this::usage);
    }

    private void usage(Context ctx) {
        Requests.allowParameters(ctx, Set.of("since", "until"));
        var until = Requests.parameter(ctx, "until", UsageRoutes::moment).orElseGet(clock::instant);
        var since = Requests.parameter(ctx, "since", UsageRoutes::moment).orElse(until.minus(A_DAY));
        if (!since.isBefore(until)) {
            throw new ProblemException(ProblemKind.INVALID_PARAMETER, "since is " + since
                    + "; it must be before until, which is " + until + ".");
        }
        if (since.isBefore(until.minus(LONGEST))) {
            throw new ProblemException(ProblemKind.INVALID_PARAMETER, "from " + since + " to " + until
                    + " are more than " + LONGEST.toDays() + " days; ask for one year after the other.");
        }
        var who = Principals.of(ctx);
        var tenant = who.role() == Role.ADMIN ? Optional.<String>empty() : Optional.of(who.tenant());
        Answers.json(ctx, HttpStatus.OK, new UsageReport(since, until, fleet.usage(tenant, since, until)));
    }

    private static Instant moment(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("is no moment such as 2026-01-31T09:30:00Z", e);
        }
    }
}
