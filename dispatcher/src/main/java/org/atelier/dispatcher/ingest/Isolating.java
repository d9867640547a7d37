package org.atelier.dispatcher.ingest;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one bad record from stopping those behind it. A batch that fails for another reason than an outage is taken in
 * record by record, and the record that fails alone is passed over, with an error in the log: it met a defect.
 */
public final class Isolating implements BatchHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Isolating.class);

    private final BatchHandler handler;
    private final Projection projection;
    private final Metrics metrics;

    public Isolating(BatchHandler handler, Projection projection, Metrics metrics) {
        this.handler = handler;
        this.projection = projection;
        this.metrics = metrics;
    }

    @Override
    public void handle(List<Received> batch) {
        try {
            handler.handle(batch);
        } catch (RuntimeException e) {
            if (Outage.of(e).isPresent() || isOfThisProcess(e)) {
                throw e;
            }
            if (batch.size() == 1) {
                passOver(batch.getFirst(), e);
            } else {
                batch.forEach(record -> handle(List.of(record)));
            }
        }
    }

    /** Of a process that has no memory left, say, no record is to blame: it is read again. */
    private static boolean isOfThisProcess(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).anyMatch(
                VirtualMachineError.class::isInstance);
    }

    private void passOver(Received record, RuntimeException defect) {
        LOG.error("{} is passed over because of a defect; what it told is lost to the projection until that is rebuilt",
                record.place(), defect);
        metrics.skipped(record.topic());
        projection.write(write -> write.position(record.topic(), record.partition(), record.offset() + 1));
    }
}
