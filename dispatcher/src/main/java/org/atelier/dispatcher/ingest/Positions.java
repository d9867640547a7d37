package org.atelier.dispatcher.ingest;

import java.util.LinkedHashMap;
import java.util.List;

import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.topic.Received;

/** How far the partitions of a batch were read. */
final class Positions {
    private Positions() {}

    private record Partition(String topic, int number) {}

    /** Writes one position for each partition: that behind its last record. */
    static void write(List<Received> batch, Projection.Batch write) {
        var next = new LinkedHashMap<Partition, Long>();
        batch.forEach(record -> next.put(new Partition(record.topic(), record.partition()), record.offset() + 1));
        next.forEach((partition, offset) -> write.position(partition.topic, partition.number, offset));
    }
}
