package org.atelier.dispatcher.schedule;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The head of a tenant's queue for a pool.
 *
 * @param jobs  how many wait in it
 * @param since when the one that waits longest was accepted; absent where none waits
 */
public record Queued(int jobs, @Nullable Instant since) {}
