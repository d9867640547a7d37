package org.atelier.common.client;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobPage;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;
import org.atelier.common.picture.PictureHeader;
import org.atelier.common.trace.TraceContext;

/**
 * A fleet, as a service in Java uses it: submit, watch, fetch. Safe for use by several threads.
 *
 * <p>Nothing here retries a submission by itself: after an {@link UnreachableException} nobody knows whether it arrived, and
 * sending it again under the same key is the same job.
 *
 * <p>Every method throws {@link UnreachableException} when no dispatcher answers, and {@link RefusedException} when it answers
 * with a problem, which names each field that is wrong.
 */
public final class AtelierClient implements AutoCloseable {
    private static final String JOBS = "/v1/jobs";
    private static final String BUNDLES = "/v1/bundles";

    private final ApiConnection api;
    private final Supplier<Optional<TraceContext>> trace;

    private AtelierClient(ApiConnection api) {
        this(api, Optional::empty);
    }

    private AtelierClient(ApiConnection api, Supplier<Optional<TraceContext>> trace) {
        this.api = api;
        this.trace = trace;
    }

    /** A fleet that asks nobody for a token: one that listens on loopback only. */
    public static AtelierClient at(URI dispatcher) {
        return new AtelierClient(new ApiConnection(dispatcher, Optional.empty()));
    }

    /**
     * A fleet.
     *
     * @param token {@code atl_...}, or a JSON web token of the issuer that the fleet trusts
     */
    public static AtelierClient at(URI dispatcher, String token) {
        return new AtelierClient(new ApiConnection(dispatcher, Optional.of(token)));
    }

    /**
     * A fleet whose certificate is none of a public authority.
     *
     * @param tls whom to trust (see {@link Trust}), and which certificate to show where one is asked for
     */
    public static AtelierClient at(URI dispatcher, String token, SSLContext tls) {
        return new AtelierClient(new ApiConnection(dispatcher, Optional.of(token), tls));
    }

    /**
     * The same fleet, going on with the caller's traces: what is submitted belongs to the span that is current then. It shares
     * its connections with this one and ends with it.
     *
     * @param trace the span that is current in the thread that asks, from the caller's tracing library
     *              ({@link TraceContext#of}); empty where there is none
     */
    public AtelierClient tracing(Supplier<Optional<TraceContext>> trace) {
        return new AtelierClient(api, trace);
    }

    /** Submits a new job, with nothing special about it. */
    public Job submit(JobRequest request) throws InterruptedException {
        return submit(JobSubmission.of(request));
    }

    /** Submits a new job. */
    public Job submit(JobSubmission submission) throws InterruptedException {
        return submitted(submission, Map.of());
    }

    /**
     * Submits a job once, however often this is called.
     *
     * @param key of the caller: the same key with the same submission is the same job
     */
    public Job submit(JobSubmission submission, String key) throws InterruptedException {
        return submitted(submission, Map.of("Idempotency-Key", key));
    }

    private Job submitted(JobSubmission submission, Map<String, String> headers) throws InterruptedException {
        var all = new HashMap<>(headers);
        trace.get().ifPresent(span -> all.putAll(span.headers()));
        return new Job(api, Json.read(api.post(JOBS, Json.tree(submission), all), JobView.class).id());
    }

    /** A job that was submitted before, by whomever; it is not looked for yet. */
    public Job job(JobId id) {
        return new Job(api, id);
    }

    /**
     * Lists jobs, newest first.
     *
     * @param query as in {@code GET /v1/jobs}: {@code state}, {@code type}, {@code limit}, {@code cursor}
     */
    public JobPage jobs(Map<String, String> query) throws InterruptedException {
        return Json.read(api.get(JOBS, query), JobPage.class);
    }

    /**
     * Stores a PNG or JPEG that requests can name as source.
     *
     * @throws IllegalArgumentException if the file is neither, or larger than a fleet takes
     * @throws UncheckedIOException     if it cannot be read
     */
    public Artifact upload(Path file) throws InterruptedException {
        return Json.read(api.post("/v1/uploads", mediaType(file), body(file), Map.of()), Artifact.class);
    }

    /**
     * Stores a PNG or JPEG that requests can name as source, without its bytes passing through the dispatcher.
     *
     * @throws IllegalArgumentException if the file is neither, or larger than a fleet takes
     * @throws UncheckedIOException     if it cannot be read, or the store does not take it
     */
    public Artifact uploadToStore(Path file) throws InterruptedException {
        return Json.read(Json.bytes(api.uploadToStore(file, mediaType(file))), Artifact.class);
    }

    private static String mediaType(Path file) {
        try (var in = Files.newInputStream(file)) {
            return PictureHeader.read(in.readNBytes(PictureHeader.MAX_BYTES + 1)).format().mediaType();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: " + file, e);
        }
    }

    private static BodyPublisher body(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What there is to edit with. */
    public List<BundleCard> bundles() throws InterruptedException {
        return Json.read(api.get(BUNDLES), Bundles.class).bundles();
    }

    /**
     * Prompts and hyper-parameters that work on a bundle, by job type.
     *
     * @param reference {@code name@version}, or {@code name} for the newest
     */
    public JsonNode presets(String reference) throws InterruptedException {
        return api.get(ApiConnection.path(BUNDLES, reference) + "/presets").path("presets");
    }

    private record Bundles(List<BundleCard> bundles) {}

    /** Ends watches too. */
    @Override
    public void close() {
        api.close();
    }
}
