package org.atelier.worker.job.slot;

import java.time.Duration;

import org.atelier.common.kafka.EventCodec.Decoded;

/**
 * A record that a slot received.
 *
 * @param place   where it lies, for people: topic, partition and offset
 * @param content what it says
 * @param lock    how long it stays ours if it is not renewed, as the broker has it
 */
public record Delivery(String place, Decoded content, Duration lock) {}
