package org.atelier.worker.job.edit;

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
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.Architectures;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FoundFacesFiles;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.photo.FoundFaces;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.JobRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an edit as a job: heartbeats, previews and checkpoints between its steps, its files into the store.
 *
 * @param <R> the request that it runs
 */
public final class EditRunner<R extends JobRequest> implements JobRunner<R> {
    private static final Logger log = LoggerFactory.getLogger(EditRunner.class);

    private final Class<R> requestType;
    private final boolean usesGradients;
    private final ResidentNetworks<BundleNetworks> bundles;
    private final EditMethod<R> method;

    /**
     * A runner.
     *
     * @param usesGradients see {@link JobRunner#usesGradients}
     * @param bundles       stay the caller's
     */
    public EditRunner(Class<R> requestType, boolean usesGradients, ResidentNetworks<BundleNetworks> bundles,
            EditMethod<R> method) {
        this.requestType = requestType;
        this.usesGradients = usesGradients;
        this.bundles = bundles;
        this.method = method;
    }

    @Override
    public Class<R> requestType() {
        return requestType;
    }

    @Override
    public Optional<String> refusal(BundleCard bundle) {
        return Architectures.unknownIn(bundle);
    }

    @Override
    public boolean usesGradients() {
        return usesGradients;
    }

    @Override
    public JobResult run(R request, JobContext context) {
        var inputs = new ContextInputs(context);
        var losses = new TreeMap<String, Double>();
        try (var lease = bundles.take(context.bundle());
                var tuned = tuned(request, lease.networks(), inputs);
                var edit = start(request, context, tuned == null ? lease.networks() : tuned, inputs, losses)) {
            var saved = new SavedEdit(context.bundle().card().reference(), request);
            var artifacts = new ArrayList<Artifact>();
            heartbeat(edit, losses, saved, context);
            while (!edit.isDone()) {
                var step = edit.step();
                losses.putAll(step.losses());
                store(step.products(), context, artifacts);
                edit.preview().ifPresent(picture -> context.preview(picture.name(), picture.bytes(), picture
                        .mediaType()));
                heartbeat(edit, losses, saved, context);
            }
            store(edit.finish(), context, artifacts);
            store(FoundFacesFiles.of(inputs.found.values()), context, artifacts);
            return new JobResult(artifacts, Json.tree(new Summary(request, edit.stepsDone(), losses, edit.measures())));
        }
    }

    /**
     * The account of a finished edit.
     *
     * @param request with every default filled in
     * @param steps    that were made
     * @param losses   of the last step
     * @param measures see {@link Edit#measures}
     */
    private record Summary(JobRequest request, int steps, Map<String, Double> losses, Map<String, Double> measures) {}

    /** The inputs of an attempt. */
    private record ContextInputs(JobContext context, Map<Digest, FoundFaces> found) implements Inputs {
        ContextInputs(JobContext context) {
            this(context, new LinkedHashMap<>());
        }

        @Override
        public void found(FoundFaces faces) {
            found.put(faces.image(), faces);
        }

        @Override
        public byte[] read(Digest digest) {
            return context.read(digest);
        }

        @Override
        public Digest find(JobId job, String artifact) {
            return context.result(job, artifact).digest();
        }
    }

    /** The networks with the tuned generator that the request names; null if it names none. */
    private @Nullable BundleNetworks tuned(R request, BundleNetworks networks, Inputs inputs) {
        var tuned = request.tuned();
        if (tuned == null) {
            return null;
        }
        try {
            return networks.tuned(GeneratorDelta.read(name(tuned), inputs.read(tuned, GeneratorDelta.FILE)));
        } catch (IllegalArgumentException | RefusedFileException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, e.getMessage(), e);
        }
    }

    private static String name(Input input) {
        return switch (input) {
            case Input.Blob blob -> blob.blob().toString();
            case Input.Result result -> result.job() + "/" + (result.artifact() == null
                    ? GeneratorDelta.FILE
                    : result.artifact());
        };
    }

    /** The edit at its beginning, or where an earlier attempt has left it, with the losses that it had then. */
    private Edit start(R request, JobContext context, BundleNetworks networks, Inputs inputs,
            Map<String, Double> losses) {
        var edit = method.prepare(request, networks, inputs);
        var state = edit.state();
        if (state.isEmpty()) {
            return edit;
        }
        var point = context.resumePoint();
        if (point.isEmpty()) {
            return edit;
        }
        try {
            losses.putAll(new SavedEdit(context.bundle().card().reference(), request).restore(point.get().state(), state
                    .get()));
            log.info("{} goes on after step {}", context.attempt(), point.get().step());
            return edit;
        } catch (IllegalArgumentException | RefusedFileException e) {
            log.warn(
                    "{} starts from the beginning: the checkpoint of step {} is not understood. Was it written by another"
                            + " version?", context.attempt(), point.get().step(), e);
            edit.close();
            return method.prepare(request, networks, inputs);
        }
    }

    private static void heartbeat(Edit edit, Map<String, Double> losses, SavedEdit saved, JobContext context) {
        var state = edit.state();
        if (state.isPresent()) {
            context.heartbeat(edit.stepsDone(), edit.steps(), losses, (Path file) -> saved.save(file, state.get(),
                    losses));
        } else {
            context.heartbeat(edit.stepsDone(), edit.steps(), losses);
        }
    }

    private static void store(List<Product> products, JobContext context, List<Artifact> artifacts) {
        for (var product : products) {
            artifacts.add(context.store(product.name(), product.bytes(), product.mediaType()));
        }
    }
}
