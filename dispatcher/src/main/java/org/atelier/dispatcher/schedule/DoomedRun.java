package org.atelier.dispatcher.schedule;

import org.atelier.common.ledger.Manifest;

/**
 * A run that waits for a job which did not succeed.
 *
 * @param run    what waits
 * @param parent how the job that it waits for ended
 */
public record DoomedRun(IdleRun run, Manifest parent) {}
