package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.ledger.JobLedger;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.trace.Spans;

/** Puts the parts together that decide. */
public final class Scheduling {
    private final Scheduler scheduler;

    /**
     * @param clock          for documents and back-off
     * @param ticker         for everything that is waited for
     * @param eventRetention how long the events of jobs can be replayed
     * @param spans          where it is traced
     * @param further        what else is done in each round, before anything is fed
     */
    public Scheduling(ScheduleSettings settings, RunBook book, JobLedger ledger, ReadyTopic ready,
            EventPublisher events, Workers workers, Metrics metrics, Clock clock, Ticker ticker,
            Duration eventRetention, Spans spans, List<Scheduler.Part> further) {
        var ender = new RunEnder(ledger, events, book, clock, spans);
        var feeder = new Feeder(settings.pools(), settings.tenants(), book, ready, events, workers, ender, metrics,
                clock, ticker, spans);
        var reaper = new Reaper(book, ledger, events, ender, metrics, ticker, clock, settings.silence());
        var retrier = new Retrier(book, ender, settings.retryPolicy(), clock);
        var canceller = new Canceller(book, ledger, ender, clock);
        var timekeeper = new Timekeeper(book, ledger, events, ender, ticker, clock);
        var dependants = new Dependants(book, ender);
        var refeeder = new Refeeder(book, ready, feeder, workers, ender, ledger, metrics, ticker, clock, settings
                .silence(),
                settings.unclaimedTimeout());
        var announcer = new Announcer(book, ender, ticker, settings.silence());
        var housekeeper = new Housekeeper(settings.pools(), book, ready, ticker, clock, eventRetention);
        var parts = new ArrayList<>(List.of(
                new Scheduler.Part("tell which attempts are lost", reaper::step),
                new Scheduler.Part("end cancelled runs", canceller::step),
                new Scheduler.Part("decide about failed attempts", retrier::step),
                new Scheduler.Part("end runs whose time is up", timekeeper::step),
                new Scheduler.Part("fail what waits in vain", dependants::step),
                new Scheduler.Part("look after unclaimed attempts", refeeder::step)));
        parts.addAll(further);
        parts.addAll(List.of(
                new Scheduler.Part("feed the pools", feeder::step),
                new Scheduler.Part("repeat results that nobody heard of", announcer::step),
                new Scheduler.Part("clean up", housekeeper::step)));
        this.scheduler = new Scheduler(parts, metrics);
    }

    /** All of it, round by round. */
    public Scheduler scheduler() {
        return scheduler;
    }
}
