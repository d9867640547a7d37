package org.atelier.dispatcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.log.LogSettings;
import org.atelier.common.store.StoreSettings;
import org.atelier.common.trace.otel.TracingSettings;
import org.atelier.dispatcher.access.AccessSettings;
import org.atelier.dispatcher.http.HttpSettings;
import org.atelier.dispatcher.kafka.TopicSettings;
import org.atelier.dispatcher.leadership.LeadershipSettings;
import org.atelier.dispatcher.projection.DatabaseSettings;
import org.atelier.dispatcher.retention.RetentionSettings;
import org.atelier.dispatcher.schedule.ScheduleSettings;
import org.atelier.dispatcher.webhook.WebhookSettings;

/**
 * Every setting of the process.
 *
 * @param name            of this dispatcher, in events and logs
 * @param startupPatience how long store and Kafka may take to answer at start
 * @param kafka           how to reach Kafka
 * @param store           how to reach the store
 * @param topics          how topics and share groups are made
 * @param schedule        how jobs are distributed and watched
 * @param database        where the projection is kept
 * @param leadership      how several dispatchers agree on who leads
 * @param http            where the API listens
 * @param access          whom it lets in
 * @param webhooks        where webhooks may lead
 * @param retention       how the store is kept clean
 * @param tracing         where traces go
 */
public record DispatcherSettings(
        String name,
        Duration startupPatience,
        KafkaSettings kafka,
        StoreSettings store,
        TopicSettings topics,
        ScheduleSettings schedule,
        DatabaseSettings database,
        LeadershipSettings leadership,
        HttpSettings http,
        AccessSettings access,
        WebhookSettings webhooks,
        RetentionSettings retention,
        TracingSettings tracing) {
    /** A name is part of the source of events. */
    private static final Pattern NAME_SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** Name. */
    public static final Setting<String> NAME = Setting.optional("ATELIER_DISPATCHER_NAME",
            Parser.STRING.where(name -> NAME_SHAPE.matcher(name).matches(),
                    "up to 63 letters, digits, dots, underscores and hyphens"),
            "name of this dispatcher in events and logs; absent: the host's");
    /** Patience at start. */
    public static final Setting<Duration> STARTUP_PATIENCE = Setting.of("ATELIER_STARTUP_PATIENCE", Parser.DURATION,
            "30s", "how long store, Kafka and database may take to answer at start before the dispatcher gives up");
    /** All of them. */
    public static final List<Setting<?>> LIST = Stream.of(List.of(NAME, STARTUP_PATIENCE), LogSettings.LIST,
            KafkaSettings.LIST,
            StoreSettings.LIST, TopicSettings.LIST, ScheduleSettings.LIST, DatabaseSettings.LIST,
            LeadershipSettings.LIST, HttpSettings.LIST,
            AccessSettings.LIST, WebhookSettings.LIST, RetentionSettings.LIST, TracingSettings.LIST)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** Takes all settings out of the process's. */
    public static DispatcherSettings of(Configuration configuration) {
        return new DispatcherSettings(configuration.find(NAME).orElseGet(DispatcherSettings::hostName),
                configuration.get(STARTUP_PATIENCE), KafkaSettings.of(configuration), StoreSettings.of(configuration),
                TopicSettings.of(configuration), ScheduleSettings.of(configuration), DatabaseSettings.of(
                        configuration), LeadershipSettings.of(configuration),
                HttpSettings.of(configuration), AccessSettings.of(configuration), WebhookSettings.of(configuration),
                RetentionSettings.of(
                        configuration), TracingSettings.of(configuration));
    }

    private static String hostName() {
        try {
            var name = InetAddress.getLocalHost().getHostName();
            return NAME_SHAPE.matcher(name).matches() ? name : "dispatcher";
        } catch (UnknownHostException e) {
            return "dispatcher";
        }
    }
}
