package org.atelier.dispatcher.schedule;

/**
 * A run whose time is up.
 *
 * @param run  the run, with its newest attempt
 * @param held whether a worker holds that attempt
 */
public record OverdueRun(IdleRun run, boolean held) {}
