/**
 * Decides what runs next, who has gone silent and when a run is over. Everything here is passive: it is told the time,
 * keeps no thread, and reaches the world through {@code RunBook}, {@code ReadyTopic}, {@code JobLedger} and
 * {@code EventPublisher}.
 */
@NullMarked
package org.atelier.dispatcher.schedule;

import org.jspecify.annotations.NullMarked;
