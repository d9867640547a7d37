package org.atelier.dispatcher.http;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.api.JobPage;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.JobFailure;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.PartOf;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.schedule.Obstacles;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as their callers see them: from the projection, and, for what that does not know (yet), from the store. Nobody sees
 * the jobs of another tenant.
 */
final class JobViews {
    private final JobIndex index;
    private final JobLedger ledger;
    private final ObjectStore store;
    private final Obstacles obstacles;
    private final Evidence evidence;
    private final Duration presignValidity;
    private final Clock clock;

    JobViews(JobIndex index, JobLedger ledger, ObjectStore store, Obstacles obstacles, Duration presignValidity,
            Clock clock) {
        this.index = index;
        this.ledger = ledger;
        this.store = store;
        this.obstacles = obstacles;
        this.evidence = new Evidence(index, ledger, store);
        this.presignValidity = presignValidity;
        this.clock = clock;
    }

    /** A job, or empty if there is none. */
    Optional<JobView> find(Principal who, JobId job) {
        return entry(job).filter(entry -> entry.request().tenant().equals(who.tenant())).map(entry -> view(entry, parts(
                entry.request()), List.of(), null));
    }

    /** A job with every attempt at it, or empty if there is none. */
    Optional<JobView> findWithAttempts(Principal who, JobId job) {
        return entry(job).filter(entry -> entry.request().tenant().equals(who.tenant())).map(entry -> view(entry, parts(
                entry.request()), evidence.of(job, entry.manifest()), waitingFor(entry)));
    }

    /**
     * What of a view makes a difference. The addresses of artifacts are others each time, which does not matter as long as the
     * old ones are good: this changes when half of their time is over.
     */
    JsonNode version(JobView view) {
        var version = (ObjectNode) Json.tree(view);
        var addresses = version.findParents("url");
        addresses.forEach(download -> ((ObjectNode) download).remove("url"));
        if (!addresses.isEmpty()) {
            version.put("window", clock.millis() / Math.max(1, presignValidity.toMillis() / 2));
        }
        return version;
    }

    /** A job that was accepted a moment ago. */
    JobView accepted(StoredRequest request) {
        var entry = entry(request, null);
        return view(entry, List.of(), List.of(), waitingFor(entry));
    }

    private List<JobView.Part> parts(StoredRequest request) {
        if (!request.submission().request().composite()) {
            return List.of();
        }
        return index.parts(request.job()).stream()
                .map(part -> new JobView.Part(part.run().job(), part.type(), part.place().composite().run(), part
                        .place().phase(), part.place().index(), part.state()))
                .toList();
    }

    /** The jobs that fit, newest first. */
    JobPage list(JobIndex.Filter filter, Optional<JobIndex.Cursor> after, int limit) {
        var found = index.list(filter, after, limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        var next = found.size() > limit ? JobIndex.Cursor.of(page.getLast()).toString() : null;
        return new JobPage(page.stream().map(this::view).toList(), next);
    }

    /** A job whose end was just asked for, which the projection may not have heard of. */
    static JobView cancelling(JobView view) {
        return new JobView(view.id(), view.tenant(), view.type(), view.bundle(), view.priority(), view.labels(), view
                .state(), true, view.run(), view.attempt(), view.acceptedAt(), view.startedAt(), view.endedAt(), view
                        .progress(), view.request(), view.failure(), view.artifacts(), view.summary(), view.seconds(),
                view.composite(), view.parts(), view.waitingFor(), view.attempts(), view.freedAfterMs(), view
                        .subjects(), view.trace());
    }

    private Optional<JobIndex.Entry> entry(JobId job) {
        return index.find(job).or(() -> ledger.request(job).map(request -> entry(request, ledger.manifest(RunId.first(
                job)).orElse(null))));
    }

    /** A job of which the store alone tells. */
    private static JobIndex.Entry entry(StoredRequest request, @Nullable Manifest manifest) {
        return manifest == null
                ? new JobIndex.Entry(request, JobState.QUEUED, false, RunId.FIRST, 0, null, null, null, null, null)
                : new JobIndex.Entry(request, state(manifest), false, RunId.FIRST, manifest.attempt(), null, manifest
                        .endedAt(), null, null, manifest);
    }

    private static JobState state(Manifest manifest) {
        return switch (manifest.outcome()) {
            case SUCCEEDED -> JobState.SUCCEEDED;
            case FAILED -> JobState.FAILED;
            case CANCELLED -> JobState.CANCELLED;
        };
    }

    private JobView view(JobIndex.Entry entry) {
        return view(entry, List.of(), List.of(), null);
    }

    private @Nullable String waitingFor(JobIndex.Entry entry) {
        return switch (entry.state()) {
            case QUEUED, READY, RETRYING -> obstacles.of(entry.request()).orElse(null);
            case RUNNING, SUCCEEDED, FAILED, CANCELLED -> null;
        };
    }

    private JobView view(JobIndex.Entry entry, List<JobView.Part> parts, List<JobView.Attempt> attempts,
            @Nullable String waitingFor) {
        var request = entry.request();
        var submission = request.submission();
        var manifest = Optional.ofNullable(entry.manifest());
        return new JobView(request.job(), request.tenant(), JobType.of(submission.request()), request.bundle(),
                submission.priority(), submission.labels(), entry.state(), entry.cancelling(), entry.run(),
                entry.attempt(), request.acceptedAt(), entry.startedAt(), entry.endedAt(), entry.progress(),
                submission.request(), failure(entry), manifest.map(this::downloads).orElse(List.of()),
                manifest.map(Manifest::summary).orElse(null), manifest.map(Manifest::seconds).orElse(Map.of()),
                Optional.ofNullable(request.partOf()).map(PartOf::composite).orElse(null), parts, waitingFor, attempts,
                manifest.map(Manifest::freedAfterMs).orElse(null), submission.subjects(), request.trace());
    }

    private static @Nullable JobFailure failure(JobIndex.Entry entry) {
        var manifest = entry.manifest();
        return manifest == null ? entry.lastFailure() : manifest.failure();
    }

    private List<JobView.Download> downloads(Manifest manifest) {
        return manifest.artifacts().stream().map(this::download).toList();
    }

    private JobView.Download download(Artifact artifact) {
        return new JobView.Download(artifact, address(artifact.digest(), artifact.name()));
    }

    /**
     * Where a blob can be read for a while.
     *
     * @param name of the file that a browser saves
     */
    URI address(Digest blob, String name) {
        return store.presignGet(StoreKeys.blob(blob), presignValidity, name);
    }

    /** The run whose request a job repeats with other parameters; empty where it is nobody's replay. */
    Optional<RunId> replayOf(JobId job) {
        return entry(job).map(entry -> entry.request().parent());
    }
}
