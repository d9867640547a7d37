package org.atelier.dispatcher.cli;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobView;
import org.atelier.common.client.ApiConnection;
import org.atelier.common.client.RefusedException;
import org.atelier.common.client.UnreachableException;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;

/**
 * The verbs of the HTTP API. Documents come as trees, so that they can be printed as they were sent, whatever version
 * the dispatcher has.
 *
 * <p>Every method throws {@link UnreachableException} when no dispatcher answers, and {@link RefusedException} when it
 * answers with a problem.
 */
public final class DispatcherClient implements AutoCloseable {
    private static final String JOBS = "/v1/jobs";
    private static final String BUNDLES = "/v1/bundles";
    private static final String TOKENS = "/v1/tokens";
    private static final String REBUILD = "/v1/rebuild";
    private static final String WEBHOOKS = "/v1/webhooks";

    private final ApiConnection api;

    /** @param dispatcher its address, with or without a path in front of {@code /v1} */
    public DispatcherClient(URI dispatcher) {
        this(dispatcher, Optional.empty());
    }

    /** @param token sent with every request to the dispatcher, and to nobody else */
    public DispatcherClient(URI dispatcher, Optional<String> token) {
        this.api = new ApiConnection(dispatcher, token);
    }

    /** A client that speaks by a connection of its own, which is closed with it. */
    DispatcherClient(ApiConnection api) {
        this.api = api;
    }

    /** How it speaks. */
    public ApiConnection connection() {
        return api;
    }

    /**
     * Submits a job.
     *
     * @param submission a JobSubmission document
     * @param key        the same key is the same job, however often it is sent; empty: a new job
     * @return the JobView document
     */
    public JsonNode submit(JsonNode submission, Optional<String> key) throws InterruptedException {
        return api.post(JOBS, submission, key.map(value -> Map.of("Idempotency-Key", value)).orElse(Map.of()));
    }

    /**
     * Stores an image.
     *
     * @param mediaType of the file
     * @return the Artifact document
     */
    public JsonNode upload(Path file, String mediaType) throws InterruptedException {
        try {
            return api.post("/v1/uploads", mediaType, BodyPublishers.ofFile(file), Map.of());
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException("there is no file " + file, e);
        }
    }

    /**
     * Stores an image without its bytes passing through the dispatcher.
     *
     * @param mediaType of the file
     * @return the Artifact document
     */
    public JsonNode uploadToStore(Path file, String mediaType) throws InterruptedException {
        return api.uploadToStore(file, mediaType);
    }

    /** The JobView document of a job. */
    public JsonNode job(JobId job) throws InterruptedException {
        return api.get(JOBS + "/" + job);
    }

    /** A JobPage document. */
    public JsonNode jobs(Map<String, String> query) throws InterruptedException {
        return api.get(JOBS, query);
    }

    /** The Overview document: how many jobs are in which state. */
    public JsonNode overview() throws InterruptedException {
        return api.get("/v1/overview");
    }

    /** The UsageReport document: what jobs took of devices. */
    public JsonNode usage(Map<String, String> query) throws InterruptedException {
        return api.get("/v1/usage", query);
    }

    /** The WorkerList document. */
    public JsonNode workers() throws InterruptedException {
        return api.get("/v1/workers");
    }

    /** The Lineage document of a job. */
    public JsonNode lineage(JobId job) throws InterruptedException {
        return api.get(JOBS + "/" + job + "/lineage");
    }

    /** The BundleCard document of a bundle. */
    public JsonNode bundle(String reference) throws InterruptedException {
        return api.get(ApiConnection.path(BUNDLES, reference));
    }

    /**
     * Says who may use a bundle, whatever its version.
     *
     * @param tenants that may; none: everybody
     * @return the BundleTenants document
     */
    public JsonNode share(String name, List<String> tenants) throws InterruptedException {
        return api.put(ApiConnection.path(BUNDLES, name) + "/tenants", Json.tree(Map.of("tenants", tenants)));
    }

    /** The BundleList document. */
    public JsonNode bundles() throws InterruptedException {
        return api.get(BUNDLES);
    }

    /**
     * The Presets document of a bundle.
     *
     * @param reference {@code name@version}, or {@code name} for the newest
     */
    public JsonNode presets(String reference) throws InterruptedException {
        return api.get(ApiConnection.path(BUNDLES, reference) + "/presets");
    }

    /**
     * Runs jobs again.
     *
     * @param request a ReplayRequest document
     * @return the ReplayView document
     */
    public JsonNode replay(JsonNode request) throws InterruptedException {
        return api.post("/v1/replays", request);
    }

    /** Asks for a new projection; the Rebuild document. */
    public JsonNode rebuild() throws InterruptedException {
        return api.post(REBUILD);
    }

    /** How far the newest projection is; the Rebuild document. */
    public JsonNode rebuildProgress() throws InterruptedException {
        return api.get(REBUILD);
    }

    /**
     * Erases jobs.
     *
     * @param request an ErasureRequest document
     * @return the ErasureView document
     */
    public JsonNode erase(JsonNode request) throws InterruptedException {
        return api.post("/v1/erasures", request);
    }

    /** The ErasureView document of an erasure. */
    public JsonNode erasure(String id) throws InterruptedException {
        return api.get(ApiConnection.path("/v1/erasures", id));
    }

    /**
     * Asks for a garbage collection.
     *
     * @return the CollectionView document
     */
    public JsonNode collect(boolean dryRun) throws InterruptedException {
        return api.post("/v1/gc", Json.tree(Map.of("dry_run", dryRun)));
    }

    /** The CollectionView document of a garbage collection. */
    public JsonNode collection(String id) throws InterruptedException {
        return api.get(ApiConnection.path("/v1/gc", id));
    }

    /**
     * Makes a token.
     *
     * @param request a TokenRequest document
     * @return the NewToken document; the secret in it is shown this once
     */
    public JsonNode createToken(JsonNode request) throws InterruptedException {
        return api.post(TOKENS, request);
    }

    /** The TokenList document. */
    public JsonNode tokens() throws InterruptedException {
        return api.get(TOKENS);
    }

    /** Revokes a token. */
    public void revokeToken(String id) throws InterruptedException {
        api.delete(ApiConnection.path(TOKENS, id));
    }

    /**
     * Submits many jobs.
     *
     * @param lines JobSubmission documents, one on each line, each with an {@code id} or an {@code idempotency_key} if the
     *              caller wants to send it again
     * @return the BulkReport document
     */
    public JsonNode submitAll(String lines) throws InterruptedException {
        return api.post("/v1/jobs:bulk", "application/x-ndjson", BodyPublishers.ofString(lines), Map.of());
    }

    /**
     * Makes a webhook.
     *
     * @param request a WebhookRequest document
     * @return the NewWebhook document; the secret in it is shown this once
     */
    public JsonNode createWebhook(JsonNode request) throws InterruptedException {
        return api.post(WEBHOOKS, request);
    }

    /** The WebhookList document. */
    public JsonNode webhooks() throws InterruptedException {
        return api.get(WEBHOOKS);
    }

    /** Gives a webhook another secret; the NewWebhook document. */
    public JsonNode rotateWebhook(String id) throws InterruptedException {
        return api.post(ApiConnection.path(WEBHOOKS, id) + "/secret");
    }

    /** Sends a test event to a webhook; the WebhookTest document. */
    public JsonNode testWebhook(String id) throws InterruptedException {
        return api.post(ApiConnection.path(WEBHOOKS, id) + "/test");
    }

    /** Removes a webhook. */
    public void deleteWebhook(String id) throws InterruptedException {
        api.delete(ApiConnection.path(WEBHOOKS, id));
    }

    /** Asks for the end of a job's newest run; the JobView document. */
    public JsonNode cancel(JobId job) throws InterruptedException {
        return api.post(JOBS + "/" + job + "/cancel");
    }

    /** Reads an artifact into a file, and checks it; see {@link ApiConnection#download}. */
    public void download(JobView.Download artifact, Path file) throws InterruptedException {
        api.download(artifact, file);
    }

    /** Ends open event streams too. */
    @Override
    public void close() {
        api.close();
    }
}
