package org.atelier.dispatcher.replay;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.RunId;

/**
 * {@code plan.json} of a replay: exactly what it runs again, fixed before the first is. Created once, never changed.
 *
 * @param id          its name
 * @param tenant      whose jobs
 * @param actor       who asked
 * @param fingerprint of what was asked: the same id with another request is refused
 * @param ended       the runs that are replayed
 * @param set         parameters with their new values; empty: exactly as before
 * @param perSecond   most jobs a second
 * @param at          when it was asked for
 */
public record ReplayPlan(
        String id,
        String tenant,
        String actor,
        String fingerprint,
        List<RunId> ended,
        Map<String, JsonNode> set,
        int perSecond,
        Instant at) {}
