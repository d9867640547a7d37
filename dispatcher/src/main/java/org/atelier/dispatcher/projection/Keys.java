package org.atelier.dispatcher.projection;

import java.util.Map;

import org.atelier.common.job.AttemptId;
import org.atelier.common.job.RunId;

/** The names of runs and attempts as parameters of statements. */
final class Keys {
    private Keys() {}

    static Map<String, Object> of(RunId run) {
        return Map.of("job", run.job().value(), "run", run.run());
    }

    static Map<String, Object> of(AttemptId attempt) {
        return Map.of("job", attempt.job().value(), "run", attempt.run().run(), "attempt", attempt.attempt());
    }
}
