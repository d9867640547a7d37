package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.event.Event;
import org.atelier.common.job.JobId;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.dispatcher.topic.Received;
import org.atelier.worker.job.time.Flag;

/** The records of a topic of one partition. */
final class Topic {
    private final String name;
    private final Simulation simulation;
    private final List<Event> records = new ArrayList<>();
    private Flag arrival;

    Topic(String name, Simulation simulation) {
        this.name = name;
        this.simulation = simulation;
        this.arrival = simulation.newFlag();
    }

    void append(Event event) {
        records.add(event);
        arrival.raise();
        arrival = simulation.newFlag();
    }

    int size() {
        return records.size();
    }

    /** Records from an offset on, at most so many. */
    List<Received> read(long from, int most) {
        var batch = new ArrayList<Received>();
        for (long offset = from; offset < records.size() && batch.size() < most; offset++) {
            batch.add(new Received(name, 0, offset, new Decoded.Understood(records.get((int) offset))));
        }
        return batch;
    }

    /** Whether it has a record about a job. */
    boolean isAbout(JobId job) {
        return records.stream().anyMatch(event -> job.value().equals(event.subject()));
    }

    /** Waits until there is another record, or until the time is over. */
    void await(Duration atMost) {
        arrival.await(atMost);
    }
}
