package org.atelier.common.store;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;

/** Where everything lies in the bucket. The layout is a contract: operators and lifecycle rules rely on it. */
public final class StoreKeys {
    /** All blobs. */
    public static final String BLOBS = "blobs/";
    /** All jobs. */
    public static final String JOBS = "jobs/";
    /** All bundles. */
    public static final String BUNDLES = "bundles/";
    /** All replays. */
    public static final String REPLAYS = "replays/";
    /** Who may do what. */
    public static final String ACCESS = "access/";
    /** All API tokens. */
    public static final String TOKENS = ACCESS + "tokens/";
    /** All webhooks, with their secrets: for dispatchers alone. */
    public static final String WEBHOOKS = ACCESS + "webhooks/";
    /** What callers upload, before it was looked at. */
    public static final String UPLOADS = "uploads/";
    /** Blobs that no job names and that stay all the same, such as imported mappers: one document each. */
    public static final String KEPT = "kept/";
    /** All erasures. */
    public static final String ERASURES = "erasures/";
    /** Garbage collections. */
    public static final String COLLECTIONS = "collections/";
    /** The blobs that are being removed at this moment; there is no such object while none are. */
    public static final String CONDEMNED = "condemned.json";
    /** Scratch objects of the start-up check, and of asking the store for its time. */
    public static final String PROBES = "probes/";

    private StoreKeys() {}

    /** A blob, under its digest. */
    public static String blob(Digest digest) {
        return BLOBS + "sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex();
    }

    /** Keeps a blob that no job names. */
    public static String kept(Digest digest) {
        return KEPT + digest.hex() + ".json";
    }

    /** Everything of one job. */
    public static String job(JobId job) {
        return JOBS + job + "/";
    }

    /** The sign that a job was erased, and that its id stays unused. */
    public static String erased(JobId job) {
        return job(job) + "erased.json";
    }

    /** The request of a job. Its creation makes the job. */
    public static String request(JobId job) {
        return JOBS + job + "/request.json";
    }

    /** Everything of one run. */
    public static String run(RunId run) {
        return JOBS + run.job() + "/runs/" + run.run() + "/";
    }

    /** The wish to cancel a run. */
    public static String cancel(RunId run) {
        return run(run) + "cancel.json";
    }

    /** What asked for a run that is not the first. Its creation makes the run. */
    public static String replay(RunId run) {
        return run(run) + "replay.json";
    }

    /** What a replay is to run again. Its creation makes the replay. */
    public static String replayPlan(String id) {
        return REPLAYS + id + "/plan.json";
    }

    /** How far a replay is. */
    public static String replayPosition(String id) {
        return REPLAYS + id + "/position.json";
    }

    /** What an erasure is to remove. Its creation makes the erasure. */
    public static String erasurePlan(String id) {
        return ERASURES + id + "/plan.json";
    }

    /** The blobs that an erasure has still to remove. */
    public static String erasureBlobs(String id) {
        return ERASURES + id + "/blobs.json";
    }

    /** What an erasure came to. There once it is done. */
    public static String erasureReport(String id) {
        return ERASURES + id + "/report.json";
    }

    /** What a garbage collection is to do. Its creation asks for it. */
    public static String collectionPlan(String id) {
        return COLLECTIONS + id + "/plan.json";
    }

    /** What a garbage collection found and did. */
    public static String collectionReport(String id) {
        return COLLECTIONS + id + "/report.json";
    }

    /** The end of a run. Its creation ends the run. */
    public static String manifest(RunId run) {
        return run(run) + "manifest.json";
    }

    /** Everything of one attempt. */
    public static String attempt(AttemptId attempt) {
        return run(attempt.run()) + "attempts/" + attempt.attempt() + "/";
    }

    /** The claim of an attempt. Its creation gives the right to run it. */
    public static String claim(AttemptId attempt) {
        return attempt(attempt) + "claim.json";
    }

    /** The last sign of life of an attempt. */
    public static String lease(AttemptId attempt) {
        return attempt(attempt) + "lease.json";
    }

    /** The newest complete checkpoint of an attempt. */
    public static String checkpoint(AttemptId attempt) {
        return attempt(attempt) + "checkpoint.json";
    }

    /** What was logged last within an attempt, for people. */
    public static String log(AttemptId attempt) {
        return attempt(attempt) + "log.txt";
    }

    /** An API token. */
    public static String token(String id) {
        return TOKENS + id + ".json";
    }

    /** A webhook. Its creation makes the webhook. */
    public static String webhook(String id) {
        return WEBHOOKS + id + "/webhook.json";
    }

    /** A secret of a webhook: the one with the largest number is in force. */
    public static String webhookSecret(String id, int number) {
        return WEBHOOKS + id + "/secrets/" + number + ".json";
    }

    /** That nothing more is delivered to a webhook. */
    public static String webhookDisabled(String id) {
        return WEBHOOKS + id + "/disabled.json";
    }

    /** Where a tenant writes a picture by itself; no request can name it there. */
    public static String upload(String tenant, String id) {
        return UPLOADS + tenant + "/bytes/" + id;
    }

    /** What a tenant's open uploads may write, a document each. */
    public static String uploadTickets(String tenant) {
        return UPLOADS + tenant + "/open/";
    }

    /** What one upload may write, as long as it is open. */
    public static String uploadTicket(String tenant, String id) {
        return uploadTickets(tenant) + id + ".json";
    }

    /** What became of an upload. */
    public static String uploadDone(String tenant, String id) {
        return UPLOADS + tenant + "/done/" + id + ".json";
    }

    /** The tenants that may use a bundle; all of them where there is no such object. */
    public static String bundleTenants(String name) {
        return ACCESS + "bundles/" + name + ".json";
    }

    /** All versions of a bundle. */
    public static String bundle(String name) {
        return BUNDLES + name + "/";
    }

    /** A file of a bundle version. */
    public static String bundleFile(String name, String version, String file) {
        return bundle(name) + version + "/" + file;
    }
}
