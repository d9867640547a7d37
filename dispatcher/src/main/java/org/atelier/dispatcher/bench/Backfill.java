package org.atelier.dispatcher.bench;

import java.time.Instant;
import java.util.List;

import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.Source;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.projection.JobCopies;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.schedule.Pools;

/**
 * Writes waiting jobs straight into the projection: the first by the statements by which it takes in accepted ones, the rest as
 * copies of its row. Neither topic nor store knows of them; a worker that is fed one runs it all the same.
 */
final class Backfill {
    private static final String PREFIX = "backfill-";

    private final Projection projection;
    private final JobCopies copies;
    private final Pools pools;
    private final String tenant;

    Backfill(Projection projection, JobCopies copies, Pools pools, String tenant) {
        this.projection = projection;
        this.copies = copies;
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
        if (jobs > 0) {
            var first = request(from, bundle, newest.minusMillis(jobs - 1));
            projection.write(batch -> batch.admit(first, pools.poolOf(JobType.GENERATE).orElseThrow()));
            copies.add(PREFIX, from, jobs - 1);
        }
    }

    private StoredRequest request(int number, String bundle, Instant acceptedAt) {
        var request = GenerateRequest.of(bundle.replaceFirst("@.*", ""), List.of(new Source.Seed(number)));
        var job = JobCopies.name(PREFIX, number);
        return new StoredRequest(job, tenant, JobSubmission.of(request), bundle, job.value(), acceptedAt);
    }
}
