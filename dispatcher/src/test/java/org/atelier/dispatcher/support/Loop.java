package org.atelier.dispatcher.support;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Executor;

import org.atelier.common.event.Event;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.ingest.EventIngest;
import org.atelier.dispatcher.ingest.Isolating;
import org.atelier.dispatcher.ingest.RequestIngest;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.atelier.dispatcher.watch.JobWatch;

/** Hands what was published to whoever would read it from the topics, each topic one partition. */
public final class Loop {
    private static final URI SOURCE = EventCodec.source("test", "loop");
    private static final Executor HERE = Runnable::run;

    private final Fleet fleet;
    private final BatchHandler requests;
    private final BatchHandler events;
    private int read;

    public Loop(Fleet fleet, Intake intake, JobWatch watch) {
        this.fleet = fleet;
        this.requests = new Isolating(new RequestIngest(intake, fleet.book, fleet.events, Fleet.SETTINGS.pools(),
                fleet.metrics, new Bell(), HERE), fleet.book, fleet.metrics);
        this.events = new Isolating(new EventIngest(fleet.book, fleet.workers, watch, fleet.metrics, new Bell(),
                fleet.time, fleet.webhooks), fleet.book, fleet.metrics);
    }

    /** Reads everything that was published and not read before, and what is published while reading. */
    public void read() {
        for (var published = fleet.events.published(); read < published.size(); published = fleet.events.published()) {
            hand(published.get(read), read);
            read++;
        }
    }

    private void hand(Published published, int offset) {
        var event = Event.of(published.message(), SOURCE, fleet.time.instant(), published.trace());
        var record = new Received(published.topic(), 0, offset, new EventCodec.Decoded.Understood(event));
        switch (published.topic()) {
            case Topics.REQUESTS -> requests.handle(List.of(record));
            case Topics.EVENTS, Topics.RESULTS -> events.handle(List.of(record));
            default -> {
            }
        }
    }
}
