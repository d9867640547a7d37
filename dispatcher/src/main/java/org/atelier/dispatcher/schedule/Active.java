package org.atelier.dispatcher.schedule;

/**
 * Attempts that were fed or run now, and have the same pool, tenant and bundle.
 *
 * @param pool     that they were fed to
 * @param tenant   whose they are
 * @param bundle   that they run on
 * @param attempts how many
 * @param running  how many of them a worker has claimed
 */
public record Active(String pool, String tenant, String bundle, int attempts, int running) {}
