package org.atelier.dispatcher.webhook;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.schedule.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whom notices are for. The webhooks are read after the notices: every webhook that somebody made before an event is
 * then known, whichever dispatcher made it.
 */
public final class Director {
    /** How often there is a look; a webhook hears of something that much later at the most. */
    static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration CLEANING = Duration.ofMinutes(1);
    private static final int AT_ONCE = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Director.class);

    private final DeliveryBook book;
    private final Webhooks webhooks;
    private final JobLedger ledger;
    private final Ticker ticker;
    private final Clock clock;
    private long looked;
    private long cleaned;

    public Director(DeliveryBook book, Webhooks webhooks, JobLedger ledger, Ticker ticker, Clock clock) {
        this.book = book;
        this.webhooks = webhooks;
        this.ledger = ledger;
        this.ticker = ticker;
        this.clock = clock;
        this.looked = ticker.nanos() - LOOK.toNanos();
        this.cleaned = ticker.nanos();
    }

    /** Goes through what is new. */
    public void step() {
        long now = ticker.nanos();
        if (now - looked < LOOK.toNanos()) {
            return;
        }
        looked = now;
        var notices = book.undirected(AT_ONCE);
        if (!notices.isEmpty()) {
            webhooks.reload();
            var all = webhooks.all();
            var directed = new HashMap<String, List<String>>();
            notices.forEach(notice -> directed.put(notice.id(), receivers(notice, all)));
            book.direct(directed, clock.instant());
        }
        if (now - cleaned >= CLEANING.toNanos()) {
            cleaned = now;
            book.forget(clock.instant().minus(Webhooks.MEMORY));
        }
    }

    private List<String> receivers(DeliveryBook.Undirected notice, List<Webhook> all) {
        var wanting = all.stream().filter(webhook -> webhook.wants(notice.type(), notice.time(), notice.read()))
                .toList();
        if (wanting.isEmpty()) {
            return List.of();
        }
        var owner = notice.owner().or(() -> stored(notice));
        return wanting.stream().filter(webhook -> owner.filter(whose -> isFor(webhook.registration(), whose))
                .isPresent()).map(Webhook::id).toList();
    }

    private static boolean isFor(Registration registration, DeliveryBook.Owner owner) {
        return registration.tenant().equals(owner.tenant()) && (registration.parts() || !owner.part());
    }

    /** The book may not have read the job's request yet; the store has it since before the first event. */
    private Optional<DeliveryBook.Owner> stored(DeliveryBook.Undirected notice) {
        var request = ledger.request(notice.job());
        if (request.isEmpty()) {
            LOG.warn("nobody is told of {} of {}: there is no {}, so nobody knows whose it is", notice.type()
                    .shortName(), notice.job(), StoreKeys.request(notice.job()));
        }
        return request.map(known -> new DeliveryBook.Owner(known.tenant(), known.partOf() != null));
    }
}
