package org.atelier.dispatcher.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/** Hands submissions to the intake and says what is wrong with those that it refuses, alone or many at once. */
final class Submissions {
    private final Intake intake;
    private final Metrics metrics;

    Submissions(Intake intake, Metrics metrics) {
        this.intake = intake;
        this.metrics = metrics;
    }

    /** A job that there is now: one that was just made, or one that the same request made before. */
    record Submitted(StoredRequest request, boolean made) {}

    /**
     * Submits.
     *
     * @param caller the span that it came of, if there is one
     * @throws ProblemException if it cannot become a job
     */
    Submitted submit(Principal who, JobId job, JsonNode body, @Nullable TraceContext caller) {
        return submitted(who, intake.submit(who, job, body, caller));
    }

    /**
     * Submits what its caller did not name.
     *
     * @param job    a name that was just drawn
     * @param caller the span that it came of, if there is one
     * @throws ProblemException if it cannot become a job
     */
    Submitted submitNew(Principal who, JobId job, JsonNode body, @Nullable TraceContext caller) {
        return submitted(who, intake.submitNew(who, job, body, caller));
    }

    private Submitted submitted(Principal who, Admission admission) {
        return switch (admission) {
            case Admission.Accepted accepted -> {
                metrics.accepted(JobType.of(accepted.request().submission().request()), Metrics.Channel.HTTP);
                yield new Submitted(accepted.request(), true);
            }
            case Admission.Known known -> new Submitted(known.request(), false);
            case Admission.Conflict conflict -> throw refused(new ProblemException(ProblemKind.ID_TAKEN, "The id "
                    + conflict.job() + " belongs to another request: send the same body as then, or choose another id"
                    + " or Idempotency-Key."));
            case Admission.Erased erased -> throw refused(new ProblemException(ProblemKind.ERASED, "The job " + erased
                    .job()
                    + " was erased and its id stays unused; choose another id or Idempotency-Key."));
            case Admission.OverQuota over -> throw refused(new ProblemException(ProblemKind.TOO_MANY, "As many jobs of "
                    + who.tenant() + " wait as may wait at once, " + over.queued()
                    + "; send it again when some of them have started."));
            case Admission.Refused refused -> throw refused(new ProblemException(ProblemKind.INVALID_SUBMISSION,
                    "Nothing was started; each violation names a field and what it may be.", refused.violations()));
        };
    }

    private ProblemException refused(ProblemException problem) {
        metrics.refused(Metrics.Channel.HTTP);
        return problem;
    }
}
