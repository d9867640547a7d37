package org.atelier.dispatcher.bench;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.Source;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.schedule.Pools;

/**
 * Writes waiting jobs straight into the projection, by the statements by which it takes in accepted ones. Neither topic nor
 * store knows of them; a worker that is fed one runs it all the same.
 */
final class Backfill {
    private static final int AT_ONCE = 2_000;

    private final Projection projection;
    private final Pools pools;
    private final String tenant;

    Backfill(Projection projection, Pools pools, String tenant) {
        this.projection = projection;
        this.pools = pools;
        this.tenant = tenant;
    }

    /**
     * Adds jobs, the oldest first.
     *
     * @param from   number of the first; a job is named by its number
     * @param jobs   how many
     * @param bundle version that they run on, {@code name@version}
     * @param newest when the last of them was accepted; each other one a millisecond before the next
     */
    void add(int from, int jobs, String bundle, Instant newest) {
        for (int done = 0; done < jobs; done += AT_ONCE) {
            int first = done;
            projection.write(batch -> {
                for (int job = first; job < Math.min(first + AT_ONCE, jobs); job++) {
                    batch.admit(request(from + job, bundle, newest.minusMillis(jobs - job)), pools.poolOf(
                            JobType.GENERATE).orElseThrow());
                }
            });
        }
    }

    private StoredRequest request(int number, String bundle, Instant acceptedAt) {
        var request = GenerateRequest.of(bundle.replaceFirst("@.*", ""), List.of(new Source.Seed(number)));
        var job = new JobId(String.format(Locale.ROOT, "backfill-%09d", number));
        return new StoredRequest(job, tenant, JobSubmission.of(request), bundle, job.value(), acceptedAt);
    }
}
