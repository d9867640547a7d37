package org.atelier.dispatcher.webhook;

import java.time.Duration;
import java.util.List;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * Where webhooks may lead, and how long they are tried.
 *
 * @param http     whether addresses without TLS are taken
 * @param networks that are allowed beside the public ones
 * @param retries  waits before the second and every further attempt
 * @param timeout  longest time of one attempt
 */
public record WebhookSettings(boolean http, List<Network> networks, RetrySchedule retries, Duration timeout) {
    private static final Parser<Duration> WAIT = Parser.DURATION.where(Duration::isPositive, "more than nothing");

    /** Without TLS. */
    public static final Setting<Boolean> HTTP = Setting.of("ATELIER_WEBHOOK_HTTP", Parser.BOOLEAN, "false",
            "whether webhooks may have http:// addresses; results then travel unencrypted, though signed");
    /** Networks. */
    public static final Setting<List<Network>> NETWORKS = Setting.of("ATELIER_WEBHOOK_NETWORKS",
            text -> Parser.LIST.parse(text).stream().map(Network::parse).toList(), "",
            "networks beside the public ones that webhooks may lead to, as 10.0.0.0/8,fd00::/8; whoever may make a"
                    + " webhook can send requests to everything in them");
    /** Waits. */
    public static final Setting<RetrySchedule> RETRIES = Setting.of("ATELIER_WEBHOOK_RETRIES",
            text -> new RetrySchedule(Parser.LIST.parse(text).stream().map(WAIT::parse).toList()),
            "5s,5m,30m,2h,5h,10h,14h,20h,24h", "waits between the attempts to deliver to a webhook; after the last"
                    + " attempt it is given up");
    /** Time. */
    public static final Setting<Duration> TIMEOUT = Setting.of("ATELIER_WEBHOOK_TIMEOUT", WAIT, "15s",
            "how long the receiver of a webhook may take to answer");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(HTTP, NETWORKS, RETRIES, TIMEOUT);

    /** Takes these settings out of a process's. */
    public static WebhookSettings of(Configuration configuration) {
        return new WebhookSettings(configuration.get(HTTP), configuration.get(NETWORKS), configuration.get(RETRIES),
                configuration.get(TIMEOUT));
    }
}
