package org.atelier.dispatcher.projection;

import org.atelier.common.job.JobType;

/**
 * What the runs of a tenant's jobs of one type took of devices.
 *
 * @param tenant        whose jobs
 * @param type          of the jobs
 * @param runs          how many had attempts
 * @param attempts      how many were started
 * @param deviceSeconds that they computed; of an attempt whose worker died, until it was last heard of
 * @param wastedSeconds of that, what no result came of: all of runs that failed or were cancelled, and of the attempts of other
 *                      runs the steps that were done again
 */
public record Usage(String tenant, JobType type, long runs, long attempts, double deviceSeconds,
        double wastedSeconds) {}
