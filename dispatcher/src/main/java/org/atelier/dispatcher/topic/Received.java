package org.atelier.dispatcher.topic;

import org.atelier.common.kafka.EventCodec.Decoded;

/**
 * A record that was read.
 *
 * @param topic     where
 * @param partition of the topic
 * @param offset    in the partition
 * @param content   what it turned out to be
 */
public record Received(String topic, int partition, long offset, Decoded content) {
    /** Where it lies, for the log. */
    public String place() {
        return topic + "/" + partition + "/" + offset;
    }
}
