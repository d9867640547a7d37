package org.atelier.worker.job.edit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.worker.job.bundle.LocalBundle;
import org.atelier.worker.job.runner.AttemptStoppedException;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.ResumePoint;
import org.atelier.worker.job.runner.StateWriter;
import org.atelier.worker.job.runner.StopReason;

/** A context that keeps what it is told, on the project's own bundle unless it is given another. */
final class RecordingContext implements JobContext {
    static final Path BUNDLE = Path.of("../models/avatar-128");

    final Map<String, Artifact> stored = new LinkedHashMap<>();
    final Map<String, Digest> previews = new LinkedHashMap<>();
    final List<Integer> heartbeats = new ArrayList<>();
    /** By step, as the heartbeats told them. */
    final Map<Integer, Map<String, Double>> losses = new TreeMap<>();
    private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
    private final Map<String, Artifact> results = new LinkedHashMap<>();
    private final Path bundle;
    private final Path checkpoint;
    private Optional<ResumePoint> resumePoint = Optional.empty();
    private int saveAt = Integer.MAX_VALUE;
    private int stopAt = Integer.MAX_VALUE;

    RecordingContext(Path checkpoint) {
        this(BUNDLE, checkpoint);
    }

    /** On another bundle. */
    RecordingContext(Path bundle, Path checkpoint) {
        this.bundle = bundle;
        this.checkpoint = checkpoint;
    }

    /** The heartbeat of this step writes a checkpoint and stops the runner. */
    RecordingContext stopAt(int step) {
        return stopAt(step, step);
    }

    /** The heartbeat of one step writes a checkpoint, that of the same step or of a later one stops the runner. */
    RecordingContext stopAt(int saved, int stopped) {
        saveAt = saved;
        stopAt = stopped;
        return this;
    }

    /** Goes on from the checkpoint in its own file. */
    RecordingContext resumeAt(int step) {
        return resumeAt(new ResumePoint(step, checkpoint));
    }

    RecordingContext resumeAt(ResumePoint point) {
        resumePoint = Optional.of(point);
        return this;
    }

    Digest input(byte[] bytes) {
        var digest = Digest.of(bytes);
        blobs.put(digest, bytes);
        return digest;
    }

    /** Another job has made a file. */
    void result(JobId job, String name, byte[] bytes) {
        results.put(job + "/" + name, new Artifact(name, input(bytes), bytes.length, "application/octet-stream"));
    }

    byte[] bytes(String name) {
        return blobs.get(stored.get(name).digest());
    }

    @Override
    public AttemptId attempt() {
        return new AttemptId(new RunId(new JobId("job-1"), 1), 1);
    }

    @Override
    public LocalBundle bundle() {
        try {
            return new LocalBundle(Json.read(Files.readAllBytes(bundle.resolve(BundleCard.FILE)), BundleCard.class),
                    bundle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ResumePoint> resumePoint() {
        return resumePoint;
    }

    @Override
    public byte[] read(Digest digest) {
        return blobs.get(digest);
    }

    @Override
    public Artifact result(JobId job, String name) {
        return Optional.ofNullable(results.get(job + "/" + name)).orElseThrow(() -> new JobException(
                ErrorCategory.INPUT_UNREADABLE, job + " made no " + name));
    }

    @Override
    public Artifact store(String name, byte[] bytes, String mediaType) {
        var artifact = new Artifact(name, input(bytes), bytes.length, mediaType);
        stored.put(name, artifact);
        return artifact;
    }

    @Override
    public Artifact store(String name, Path file, String mediaType) {
        try {
            return store(name, Files.readAllBytes(file), mediaType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void preview(String name, byte[] bytes, String mediaType) {
        previews.put(name, Digest.of(bytes));
    }

    @Override
    public void heartbeat(int step, int steps, Map<String, Double> losses) {
        heartbeats.add(step);
        this.losses.put(step, Map.copyOf(losses));
    }

    @Override
    public void heartbeat(int step, int steps, Map<String, Double> losses, StateWriter state) {
        heartbeat(step, steps, losses);
        if (step == saveAt) {
            checkpoint(step, state);
        }
        if (step == stopAt) {
            throw new AttemptStoppedException(new StopReason.Draining());
        }
    }

    @Override
    public void checkpoint(int step, StateWriter state) {
        try {
            state.write(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
