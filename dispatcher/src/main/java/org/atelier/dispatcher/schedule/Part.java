package org.atelier.dispatcher.schedule;

import org.atelier.common.api.JobState;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.PartOf;

/**
 * A job that a composite job is made of.
 *
 * @param run   its newest run
 * @param place in the composite job
 * @param type  its type
 * @param state where that run stands
 */
public record Part(RunId run, PartOf place, JobType type, JobState state) {}
