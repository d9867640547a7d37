package org.atelier.worker.job.slot;

import org.atelier.common.kafka.EventCodec.Decoded;

/**
 * A record that a slot received.
 *
 * @param place   where it lies, for people: topic, partition and offset
 * @param content what it says
 */
public record Delivery(String place, Decoded content) {}
