package org.atelier.dispatcher.retention;

import java.time.Instant;
import java.util.List;

import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * {@code plan.json} of an erasure: exactly what it erases, fixed before the first is. Created once, never changed, and kept as
 * the proof that it was done; it holds names and nothing of what the jobs were about.
 *
 * @param id          its name
 * @param tenant      whose jobs
 * @param actor       who asked
 * @param fingerprint of what was asked: the same id with another request is refused
 * @param subject     the person whose jobs these were; absent where jobs were named
 * @param jobs        the jobs
 * @param at          when it was asked for
 */
record ErasurePlan(
        String id,
        String tenant,
        String actor,
        String fingerprint,
        @Nullable String subject,
        List<JobId> jobs,
        Instant at) {}
