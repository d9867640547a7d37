package org.atelier.worker.edit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.edit.photo.EncoderInversion;
import org.atelier.worker.edit.photo.FaceSearch;
import org.atelier.worker.edit.photo.Photo;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.jspecify.annotations.Nullable;

/** Turns the sources of requests into latents. */
public final class Latents {
    /** Before the name of a layer: its style, in a file. */
    static final String STYLE = LatentSpace.S.wireName() + "/";

    private final BundleNetworks networks;

    private final Inputs inputs;

    private final FaceSearch faces;

    /** @param inputs where stored latents are */
    public Latents(BundleNetworks networks, Inputs inputs) {
        this.networks = networks;
        this.inputs = inputs;
        this.faces = new FaceSearch(networks);
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
        var z = zOfSeed(seed, truncation, manager);
        return z.toWPlus(z.z, networks.generator());
    }

    private Z zOfSeed(long seed, Truncation truncation, NDManager manager) {
        var generator = networks.generator();
        int cutoff = truncation.cutoff() == null ? generator.rows() : truncation.cutoff();
        if (cutoff > generator.rows()) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "The truncation's cutoff is " + cutoff + ", but "
                    + reference() + " has " + generator.rows() + " rows.");
        }
        var z = HostArrays.of(manager, new RandomState(seed).randnFloat(generator.zSize()), new Shape(1, generator
                .zSize()));
        return new Z(z, new Truncated(truncation.psi(), cutoff));
    }

    /**
     * How w is truncated after mapping.
     *
     * @param psi    1: not at all
     * @param cutoff how many rows are; 0: none
     */
    public record Truncated(double psi, int cutoff) {
        static final Truncated NOT = new Truncated(1, 0);
    }

    /**
     * A z and how its w is truncated.
     *
     * @param z [1, Z]
     */
    public record Z(NDArray z, Truncated truncated) {
        /**
         * The w+ of another z, truncated in the same way.
         *
         * @param moved [1, Z]
         * @return [1, L, C]
         */
        public NDArray toWPlus(NDArray moved, Generator generator) {
            return generator.truncate(generator.map(moved), truncated.psi, truncated.cutoff);
        }
    }

    /**
     * The z of a source that has one.
     *
     * @param truncation of a seed
     * @throws JobException INVALID_REQUEST if the source is no seed and no file with a tensor {@code z}
     */
    public Z z(Source source, Truncation truncation, NDManager manager) {
        if (source instanceof Source.Seed seed) {
            return zOfSeed(seed.seed(), truncation, manager);
        }
        return stored(source).map(digest -> {
            try (var file = SafetensorsFile.of(digest.toString(), inputs.read(digest))) {
                if (file.names().contains(Space.Z.tensor)) {
                    resolve(source, truncation, manager);
                    return new Z(file.read(Space.Z.tensor, manager), LatentMetadata.truncated(file));
                }
                throw noZ();
            } catch (RefusedFileException e) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The latent cannot be read: " + e.getMessage(),
                        e);
            }
        }).orElseThrow(Latents::noZ);
    }

    private static JobException noZ() {
        return new JobException(ErrorCategory.INVALID_REQUEST,
                "The source has no z: space z starts from a seed or from a "
                        + "latent that was made in z. Take space w+.");
    }

    /**
     * The styles of a source: those of a file in StyleSpace, else those that follow from its w+.
     *
     * @param truncation of a seed
     * @return by layer, see {@link Generator#styles}
     */
    Map<String, NDArray> styles(Source source, Truncation truncation, NDManager manager) {
        var digest = stored(source);
        if (digest.isPresent()) {
            try (var file = SafetensorsFile.of(digest.get().toString(), inputs.read(digest.get()))) {
                if (hasStyles(file)) {
                    return styles(file, digest.get(), manager);
                }
            } catch (RefusedFileException e) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The latent cannot be read: " + e.getMessage(),
                        e);
            }
        }
        return networks.generator().styles(resolve(source, truncation, manager));
    }

    private Map<String, NDArray> styles(SafetensorsFile file, Digest digest, NDManager manager) {
        var styles = new LinkedHashMap<String, NDArray>();
        networks.generator().styles(mean()).forEach((layer, wanted) -> {
            if (!file.names().contains(STYLE + layer)) {
                throw unreadable("The latent " + digest + " has no style of the layer " + layer + " of " + reference()
                        + ". Was it made with another bundle?");
            }
            var style = file.read(STYLE + layer, manager);
            if (!style.getShape().equals(wanted.getShape())) {
                throw unreadable("The style of " + layer + " in the latent " + digest + " has the shape " + style
                        .getShape() + ", " + reference() + " takes " + wanted.getShape() + ".");
            }
            styles.put(layer, style);
        });
        return styles;
    }

    private static boolean hasStyles(SafetensorsFile file) {
        return file.names().stream().anyMatch(name -> name.startsWith(STYLE));
    }

    /** The file of a source that is one. */
    private Optional<Digest> stored(Source source) {
        if (source instanceof Source.Latent latent) {
            return Optional.of(latent.latent());
        }
        return source instanceof Source.Result result
                ? Optional.of(inputs.find(result.job(), result.artifact() == null
                        ? Source.Result.LATENT
                        : result.artifact()))
                : Optional.empty();
    }

    private NDArray ofImage(Source.Image source, NDManager manager) {
        var picture = photo(source).aligned(networks.generator().resolution());
        return EncoderInversion.invert(networks, Photo.array(picture, manager), InvertRequest.ITERATIONS, manager);
    }

    /**
     * The image of a source. What faces are found in it the inputs are told.
     *
     * @throws JobException see {@link Photo#read}
     */
    public Photo photo(Source.Image source) {
        var photo = Photo.read(source, inputs.read(source.image()), faces);
        photo.found().ifPresent(inputs::found);
        return photo;
    }

    /**
     * What makes pictures and files of a source's latents.
     *
     * @param source null: the mean latent
     * @throws JobException INPUT_UNREADABLE if it lies at a place where this generator cannot draw it
     */
    public Placed placed(@Nullable Source source) {
        return new Placed(networks, placement(source));
    }

    private Placement placement(@Nullable Source source) {
        if (source instanceof Source.Image image) {
            return keepsPlace(image) ? photo(image).placement() : Placement.NONE;
        }
        if (source == null) {
            return Placement.NONE;
        }
        return stored(source).map(digest -> {
            try (var file = SafetensorsFile.of(digest.toString(), inputs.read(digest))) {
                var placement = LatentMetadata.placement(file);
                if (!placement.isNone() && !networks.generator().places()) {
                    throw unreadable("The latent " + digest + " is that of a photo that keeps its place, which "
                            + reference() + ", no StyleGAN3, cannot draw. Was it made with another bundle?");
                }
                return placement;
            } catch (RefusedFileException e) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The latent cannot be read: " + e.getMessage(),
                        e);
            }
        }).orElse(Placement.NONE);
    }

    /** Whether the picture of an image is to lie where the face lies in the image, and not as faces are aligned. */
    public boolean keepsPlace(Source.Image image) {
        return !image.cutAlready() && image.placement() != Source.Image.Placement.ALIGNED && networks.generator()
                .places();
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
                    return space.toWPlus(latent, LatentMetadata.truncated(file), generator);
                }
            }
            if (hasStyles(file)) {
                throw unreadable("The latent " + digest
                        + " is in StyleSpace: only an optimize job in space s can start from it.");
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
            NDArray toWPlus(NDArray latent, Truncated truncated, Generator generator) {
                return latent;
            }
        },
        W("w") {
            @Override
            Shape shape(Generator generator) {
                return new Shape(1, generator.wSize());
            }

            @Override
            NDArray toWPlus(NDArray latent, Truncated truncated, Generator generator) {
                return generator.truncate(latent, 1, 0);
            }
        },
        Z("z") {
            @Override
            Shape shape(Generator generator) {
                return new Shape(1, generator.zSize());
            }

            @Override
            NDArray toWPlus(NDArray latent, Truncated truncated, Generator generator) {
                return new Z(latent, truncated).toWPlus(latent, generator);
            }
        };

        private final String tensor;

        Space(String tensor) {
            this.tensor = tensor;
        }

        abstract Shape shape(Generator generator);

        abstract NDArray toWPlus(NDArray latent, Truncated truncated, Generator generator);
    }
}
