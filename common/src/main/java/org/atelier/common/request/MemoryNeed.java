package org.atelier.common.request;

import java.util.Optional;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.GridRequest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.PromptSweepRequest;
import org.atelier.common.job.SheetRequest;

/**
 * The device memory that a request needs at least, known from its type, its batch and the resolution of its bundle before
 * anything is loaded. It counts the generator's feature maps and nothing else, so that no job is kept from a worker on which
 * it would have run; one that needs more than it says here fails as OUT_OF_MEMORY and is tried again.
 */
public final class MemoryNeed {
    /**
     * Bytes of feature maps for each pixel of the picture, in single precision, that must be there at once where nothing is
     * derived: three of 32 channels, the width of a StyleGAN2 (config F) at its last resolution.
     */
    static final long FORWARD = 3 * 32 * 4;
    /**
     * Bytes that a backward pass keeps for each pixel: about four such maps for both layers of each resolution, of which each
     * has half the bytes of the next. Measured for one picture of 1,024 pixels: 4.3 GB with weights, losses and the process.
     */
    static final long BACKWARD = 4 * 2 * 2 * 32 * 4 * 3 / 4;
    /** Generators that are free of aliasing compute their last layers on larger canvases. */
    private static final String ALIAS_FREE = "stylegan3";
    private static final String RESOLUTION = "img_resolution";

    private MemoryNeed() {}

    /** In bytes; empty where nothing is known: the request draws no picture, or the bundle does not say how large. */
    public static Optional<Long> of(JobRequest request, BundleCard bundle) {
        return switch (request) {
            case GenerateRequest generate -> forward(bundle, 1);
            case MapperApplyRequest apply -> forward(bundle, 1);
            case DeltaApplyRequest apply -> forward(bundle, 1);
            case DirectionApplyRequest apply -> forward(bundle, 1);
            case BoundaryApplyRequest apply -> forward(bundle, 1);
            case DeltaTrainRequest train -> forward(bundle, 1);
            case DirectionTrainRequest train -> forward(bundle, train.batch());
            case BoundaryTrainRequest train -> forward(bundle, train.batch());
            case InvertRequest invert -> invert.method() == InvertRequest.Method.ENCODER
                    ? forward(bundle, 1)
                    : backward(bundle, 1);
            case OptimizeRequest optimize -> backward(bundle, 1);
            case MapperTrainRequest train -> backward(bundle, train.batch());
            case NadaFinetuneRequest finetune -> backward(bundle, finetune.batch());
            // Made of other jobs, each with a need of its own, or drawn without networks.
            case GridRequest grid -> Optional.empty();
            case PromptSweepRequest sweep -> Optional.empty();
            case SheetRequest sheet -> Optional.empty();
        };
    }

    private static Optional<Long> forward(BundleCard bundle, int batch) {
        return pixels(bundle.generator()).map(pixels -> pixels * batch * FORWARD);
    }

    private static Optional<Long> backward(BundleCard bundle, int batch) {
        return pixels(bundle.generator()).map(pixels -> pixels * batch * BACKWARD);
    }

    private static Optional<Long> pixels(NetworkCard generator) {
        var resolution = generator.config().get(RESOLUTION);
        if (resolution == null || !resolution.isInt()) {
            return Optional.empty();
        }
        long side = resolution.intValue();
        return Optional.of(side * side * (generator.architecture().equals(ALIAS_FREE) ? 2 : 1));
    }
}
