package org.atelier.worker.edit;

import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.edit.photo.EncoderInversion;
import org.atelier.worker.edit.photo.Photo;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/** Turns the sources of requests into latents, and latents into files. */
public final class Latents {
    private static final String BUNDLE = "bundle";
    private static final String SPACE = "space";

    private final BundleNetworks networks;

    private final Inputs inputs;

    /** @param inputs where stored latents are */
    public Latents(BundleNetworks networks, Inputs inputs) {
        this.networks = networks;
        this.inputs = inputs;
    }

    /**
     * The latent of a source.
     *
     * @param truncation of a seed
     * @return w+ [1, L, C]
     * @throws JobException INPUT_UNREADABLE if a stored latent or an image is damaged or not for this generator, INVALID_REQUEST
     *                      if the truncation does not fit the generator, or the bundle cannot turn images into latents
     */
    public NDArray resolve(Source source, Truncation truncation, NDManager manager) {
        return Scope.compute(() -> switch (source) {
            case Source.Seed seed -> ofSeed(seed.seed(), truncation, manager);
            case Source.Latent latent -> ofFile(latent.latent(), manager);
            case Source.Result result -> ofFile(inputs.find(result.job(), result.artifact() == null
                    ? Source.Result.LATENT
                    : result.artifact()), manager);
            case Source.Image image -> ofImage(image, manager);
        });
    }

    private NDArray ofSeed(long seed, Truncation truncation, NDManager manager) {
        var generator = networks.generator();
        var z = HostArrays.of(manager, new RandomState(seed).randnFloat(generator.zSize()), new Shape(1, generator
                .zSize()));
        int cutoff = truncation.cutoff() == null ? generator.rows() : truncation.cutoff();
        if (cutoff > generator.rows()) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "The truncation's cutoff is " + cutoff + ", but "
                    + reference() + " has " + generator.rows() + " rows.");
        }
        return generator.truncate(generator.map(z), truncation.psi(), cutoff);
    }

    private NDArray ofImage(Source.Image source, NDManager manager) {
        var picture = Photo.cut(source, inputs.read(source.image()), networks.generator().resolution());
        return EncoderInversion.invert(networks, Photo.array(picture, manager), InvertRequest.ITERATIONS, manager);
    }

    /** The mean latent in every row: [1, L, C]. */
    public NDArray mean() {
        var generator = networks.generator();
        return Scope.compute(() -> generator.truncate(generator.meanLatent().expandDims(0), 1, 0));
    }

    private NDArray ofFile(Digest digest, NDManager manager) {
        try (var file = SafetensorsFile.of(digest.toString(), inputs.read(digest))) {
            var generator = networks.generator();
            for (var space : Space.values()) {
                if (file.names().contains(space.tensor)) {
                    var latent = file.read(space.tensor, manager);
                    var wanted = space.shape(generator);
                    if (!latent.getShape().equals(wanted)) {
                        throw unreadable("The latent " + digest + " has the shape " + Shapes.text(latent.getShape()
                                .getShape()) + ", " + reference() + " takes " + Shapes.text(wanted.getShape())
                                + ". Was it made with another bundle?");
                    }
                    return space.toWPlus(latent, generator);
                }
            }
            throw unreadable("The latent " + digest + " has no tensor z, w or w+, but " + file.names() + ".");
        } catch (RefusedFileException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The latent cannot be read: " + e.getMessage(), e);
        }
    }

    private static JobException unreadable(String message) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, message);
    }

    private String reference() {
        return networks.card().reference();
    }

    /** What a latent file may hold, by the name of its tensor. */
    private enum Space {
        W_PLUS(LatentSpace.W_PLUS.wireName()) {
            @Override
            Shape shape(Generator generator) {
                return new Shape(1, generator.rows(), generator.wSize());
            }

            @Override
            NDArray toWPlus(NDArray latent, Generator generator) {
                return latent;
            }
        },
        W("w") {
            @Override
            Shape shape(Generator generator) {
                return new Shape(1, generator.wSize());
            }

            @Override
            NDArray toWPlus(NDArray latent, Generator generator) {
                return generator.truncate(latent, 1, 0);
            }
        },
        Z("z") {
            @Override
            Shape shape(Generator generator) {
                return new Shape(1, generator.zSize());
            }

            @Override
            NDArray toWPlus(NDArray latent, Generator generator) {
                return generator.truncate(generator.map(latent), 1, 0);
            }
        };

        private final String tensor;

        Space(String tensor) {
            this.tensor = tensor;
        }

        abstract Shape shape(Generator generator);

        abstract NDArray toWPlus(NDArray latent, Generator generator);
    }

    /**
     * A latent as a file: one tensor {@code w+} [1, L, C], and whose latent it is.
     *
     * @param name  of the file
     * @param wPlus [1, L, C]
     */
    public Product file(String name, NDArray wPlus) {
        var metadata = new TreeMap<String, String>();
        metadata.put(BUNDLE, reference());
        metadata.put(SPACE, LatentSpace.W_PLUS.wireName());
        return new Product(name, Artifact.SAFETENSORS, SafetensorsWriter.bytes(Map.of(LatentSpace.W_PLUS.wireName(),
                wPlus), metadata));
    }
}
