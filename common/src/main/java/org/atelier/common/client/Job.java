package org.atelier.common.client;

import java.time.Duration;
import java.util.function.Consumer;

import org.atelier.common.api.JobView;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Outcome;

/**
 * One job of a fleet. Nothing is kept here but its name: a service that was restarted makes a new one with
 * {@link AtelierClient#job} and goes on.
 */
public final class Job {
    /** How long a dispatcher may be away while a job is awaited: longer than it takes to update it. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ApiConnection api;
    private final JobId id;

    Job(ApiConnection api, JobId id) {
        this.api = api;
        this.id = id;
    }

    /** Its name. */
    public JobId id() {
        return id;
    }

    /** How it stands now. */
    public JobView view() throws InterruptedException {
        return Json.read(api.get("/v1/jobs/" + id), JobView.class);
    }

    /**
     * Waits for the end of its newest run.
     *
     * @throws JobNotSucceededException if it failed or was cancelled
     */
    public JobResult await() throws InterruptedException {
        return await(message -> {});
    }

    /**
     * Waits for the end of its newest run, over restarts of the dispatcher of up to {@link #PATIENCE}.
     *
     * @param listener told everything that happened to the job so far and happens: attempts, steps, losses, previews; each
     *                 message once, on the calling thread
     * @throws JobNotSucceededException if it failed or was cancelled
     */
    public JobResult await(Consumer<Message> listener) throws InterruptedException {
        var manifest = new JobWatch(api, id, listener, PATIENCE).follow();
        if (manifest.outcome() != Outcome.SUCCEEDED) {
            throw new JobNotSucceededException(manifest);
        }
        return new JobResult(api, view());
    }

    /** Asks for the end of its newest run; it has ended when {@link #await} says so. */
    public JobView cancel() throws InterruptedException {
        return Json.read(api.post("/v1/jobs/" + id + "/cancel"), JobView.class);
    }
}
