package org.atelier.dispatcher.bench;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Setting;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.DatabaseSettings;
import org.atelier.dispatcher.projection.JobCopies;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.schedule.ScheduleSettings;

/** Fills the database of a dispatcher that does not run: {@code FROM JOBS BUNDLE}, as {@link Backfill#add} has them. */
public final class BackfillMain {
    private BackfillMain() {}

    /** Fills, and ends. */
    public static void main(String[] args) {
        var settings = Stream.of(DatabaseSettings.LIST, List.<Setting<?>>of(ScheduleSettings.POOLS)).flatMap(
                List::stream).toList();
        var configuration = Configuration.read(settings, System.getenv());
        try (var database = new Database(DatabaseSettings.of(configuration))) {
            new Backfill(new Projection(database), new JobCopies(database), configuration.get(ScheduleSettings.POOLS),
                    Principal.PRODUCER
                            .tenant()).add(Integer.parseInt(args[0]), Integer.parseInt(args[1]), args[2], Clock
                                    .systemUTC()
                                    .instant());
        }
    }
}
