package org.atelier.worker.edit;

import java.util.LinkedHashMap;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.Source;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.RandomState;
import org.jspecify.annotations.Nullable;

/** The noise of a job: for each source what its request says. Random maps follow one after the other from the seed. */
public final class Noises {
    private static final String BUNDLE = "bundle";

    private final BundleNetworks networks;
    private final org.atelier.common.job.Noise request;
    private final Inputs inputs;
    private final RandomState random;
    private final Optional<Noise> same;

    private Noises(BundleNetworks networks, org.atelier.common.job.Noise request, Inputs inputs,
            @Nullable NDManager owner) {
        this.networks = networks;
        this.request = request;
        this.inputs = inputs;
        this.random = new RandomState(request.seed());
        this.same = request.mode() == org.atelier.common.job.Noise.Mode.RANDOM
                ? Optional.ofNullable(owner).map(this::random)
                : Optional.empty();
    }

    /**
     * Random maps are new for each source.
     *
     * @param inputs where noise maps of inversions are
     */
    public static Noises forEach(BundleNetworks networks, org.atelier.common.job.Noise request, Inputs inputs) {
        return new Noises(networks, request, inputs, null);
    }

    /**
     * Random maps are the same for all sources.
     *
     * @param inputs  where noise maps of inversions are
     * @param manager owns them
     */
    public static Noises forAll(BundleNetworks networks, org.atelier.common.job.Noise request, Inputs inputs,
            NDManager manager) {
        return new Noises(networks, request, inputs, manager);
    }

    private Noise random(NDManager manager) {
        return networks.generator().noise(random, manager);
    }

    /**
     * The noise of the pictures of the next source.
     *
     * @param source  null: the mean latent
     * @param manager owns its maps, where they are its own
     * @throws JobException INVALID_REQUEST if the source's own maps are wanted and it is no inversion, INPUT_UNREADABLE if
     *                      they are damaged, for other networks, or were not optimised
     */
    public Noise next(@Nullable Source source, NDManager manager) {
        return switch (request.mode()) {
            case CONST -> Noise.STORED;
            case NONE -> Noise.NONE;
            case RANDOM -> same.orElseGet(() -> random(manager));
            case SOURCE -> random(manager) instanceof Noise.Given layers
                    ? optimised(source, layers, manager)
                    : Noise.NONE;
        };
    }

    private Noise optimised(@Nullable Source source, Noise.Given layers, NDManager manager) {
        if (!(source instanceof Source.Result result)) {
            throw new JobException(ErrorCategory.INVALID_REQUEST,
                    "Noise mode source takes the noise maps of inversions, so every source must be the result of an "
                            + "invert job. Take mode const, or name such a job.");
        }
        var name = InvertRequest.NOISE + " of job " + result.job();
        try (var file = SafetensorsFile.of(name, inputs.read(inputs.find(result.job(), InvertRequest.NOISE)))) {
            var bundle = file.metadata().get(BUNDLE);
            if (!networks.card().reference().equals(bundle)) {
                throw unreadable(name + " is for " + bundle + " and not for " + networks.card().reference() + ".");
            }
            var maps = new LinkedHashMap<String, NDArray>();
            layers.maps().forEach((layer, map) -> {
                if (!file.names().contains(layer) || !file.shape(layer).equals(map.getShape())) {
                    throw unreadable(name + " has no map " + map.getShape() + " of the layer " + layer + ".");
                }
                maps.put(layer, file.read(layer, manager));
            });
            return new Noise.Given(maps);
        } catch (RefusedFileException e) {
            throw unreadable(name + " cannot be read: " + e.getMessage());
        }
    }

    private static JobException unreadable(String message) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, message);
    }
}
