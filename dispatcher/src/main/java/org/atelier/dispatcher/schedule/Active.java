package org.atelier.dispatcher.schedule;

/**
 * Attempts that were fed or run now, and have the same pool, tenant and bundle.
 *
 * @param pool     that they were fed to
 * @param tenant   whose they are
 * @param bundle   that they run on
 * @param attempts how many
 */
public record Active(String pool, String tenant, String bundle, int attempts) {}
