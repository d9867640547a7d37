package org.atelier.dispatcher.webhook;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What callers of the API do with webhooks.
 *
 * @param webhooks     that there are
 * @param book         how they are doing
 * @param destinations where they may lead
 * @param trial        tries them
 */
public record WebhookDesk(Webhooks webhooks, DeliveryBook book, Destinations destinations, Trial trial) {
    /**
     * An address that a webhook may have, now: it is checked again whenever it is connected to.
     *
     * @throws Destinations.RefusedException if it may not; the message completes "the address ..."
     */
    public URI destination(String text) throws Destinations.RefusedException {
        var url = destinations.parse(text);
        try {
            destinations.resolve(url.getHost());
            return url;
        } catch (UnknownHostException e) {
            throw new Destinations.RefusedException("names the host " + url.getHost() + ", which cannot be found");
        }
    }

    /** The webhooks of a tenant and how they are doing, oldest first. */
    public List<Known> list(String tenant) {
        var all = webhooks.list(tenant);
        var standings = book.standings(all.stream().map(Webhook::id).collect(Collectors.toSet()));
        return all.stream().map(webhook -> known(webhook, standings)).toList();
    }

    /** A webhook of a tenant and how it is doing, or empty if it has none of that name. */
    public Optional<Known> find(String tenant, String id) {
        return webhooks.find(tenant, id).map(webhook -> known(webhook, book.standings(Set.of(id))));
    }

    private static Known known(Webhook webhook, Map<String, DeliveryBook.Standing> standings) {
        return new Known(webhook, standings.getOrDefault(webhook.id(), DeliveryBook.Standing.NEW));
    }

    /** A webhook, and how it is doing. */
    public record Known(Webhook webhook, DeliveryBook.Standing standing) {}
}
