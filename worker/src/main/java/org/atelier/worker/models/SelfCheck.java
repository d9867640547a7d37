package org.atelier.worker.models;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.bundle.BundleCard;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;

/**
 * Builds every network of a bundle and runs it once. A generator draws seeds for people to look at; the others give a number
 * that must be finite, and that other programs can compute from the same file.
 */
final class SelfCheck implements AutoCloseable {
    private static final int SEEDS = 9;
    private static final int COLUMNS = 3;
    private static final double PSI = 0.7;
    private static final int FACE = 64;

    private final BundleNetworks networks;

    /**
     * What a network did.
     *
     * @param part    of the bundle
     * @param checked whether it was built and run
     * @param text    what came out, or why it was not run
     */
    record Finding(String part, boolean checked, String text) {}

    /** Keeps a picture. */
    interface PictureWriter {
        void write(Picture picture) throws IOException;
    }

    SelfCheck(BundleNetworks networks) {
        this.networks = networks;
    }

    /**
     * The generator and all other networks.
     *
     * @param picture takes what the generator draws: see {@link #faces}
     */
    List<Finding> all(PictureWriter picture) throws IOException {
        var findings = new ArrayList<Finding>();
        try {
            var faces = faces();
            picture.write(faces);
            findings.add(new Finding("generator", true, "draws " + SEEDS + " seeds, " + faces.width() / COLUMNS
                    + " px"));
        } catch (WeightMismatchException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            findings.add(new Finding("generator", false, "not run: " + e.getMessage()));
        }
        findings.addAll(numbers());
        return findings;
    }

    /**
     * Runs all networks but the generator.
     *
     * @throws WeightMismatchException if weights are not those of their architecture
     * @throws ImportException         if a network gives numbers that are not finite
     */
    private List<Finding> numbers() {
        var findings = new ArrayList<Finding>();
        for (var part : networks.card().networks().keySet()) {
            try {
                finding(part).ifPresent(text -> findings.add(new Finding(part, true, text)));
            } catch (WeightMismatchException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                findings.add(new Finding(part, false, "not run: " + e.getMessage()));
            }
        }
        return findings;
    }

    private Optional<String> finding(String part) {
        var clip = networks.card().clipNames().stream().filter(name -> BundleCard.partOfClip(name).equals(part))
                .findFirst().flatMap(networks::clip);
        if (clip.isPresent()) {
            return clip.map(parts -> text("norm of the features of a grey picture", manager -> {
                int size = parts.network().config().resolution();
                return parts.network().imageFeatures(manager.zeros(new Shape(1, 3, size, size)), Tap.NONE).norm();
            }));
        }
        return switch (part) {
            case "identity" -> networks.identity().map(identity -> text("cosine of a black and a white picture",
                    manager -> {
                        var shape = new Shape(1, 3, identity.input(), identity.input());
                        return identity.embed(manager.ones(shape).neg(), Tap.NONE).mul(identity.embed(manager.ones(
                                shape),
                                Tap.NONE)).sum();
                    }));
            case "perceptual" -> networks.perceptual().map(lpips -> text("distance of a black and a white picture",
                    manager -> {
                        var shape = new Shape(1, 3, FACE, FACE);
                        return lpips.distance(manager.ones(shape).neg(), manager.ones(shape)).sum();
                    }));
            case "encoder" -> networks.encoder().map(encoder -> {
                int size = networks.card().networks().get("encoder").intConfig("input");
                return text("norm of the latent of a grey picture", manager -> encoder.encode(manager.zeros(new Shape(1,
                        3,
                        size, size))).norm());
            });
            case BundleCard.LANDMARKS -> networks.landmarks().map(mtcnn -> text(
                    "norm of what the last network of MTCNN says of a grey window", manager -> mtcnn.locate(manager
                            .zeros(new Shape(1, 3, Mtcnn.LOCATED, Mtcnn.LOCATED))).norm()));
            default -> Optional.empty();
        };
    }

    private String text(String what, Function<NDManager, NDArray> computation) {
        try (var manager = networks.engine().newManager()) {
            float number = Scope.call(() -> computation.apply(manager).getFloat());
            if (!Float.isFinite(number)) {
                throw new ImportException("The " + what + " is " + number + ": the weights are damaged. Fetch the file"
                        + " again, or take an earlier checkpoint.");
            }
            return what + ": " + String.format(Locale.ROOT, "%.6f", number);
        } catch (EngineException e) {
            throw new ImportException("The " + what
                    + " cannot be computed: the weights are loaded, but the layers do not"
                    + " fit each other (" + e.getMessage() + "). Their layout is not one that Atelier runs; --no-check"
                    + " imports them all the same.", e);
        }
    }

    /**
     * Draws seeds 0 to 8 with truncation 0.7 and the noise of the file.
     *
     * @return a picture of 3 by 3
     * @throws WeightMismatchException  if weights are not those of their architecture
     * @throws IllegalArgumentException if this version does not know the architecture
     */
    private Picture faces() {
        var generator = networks.generator();
        var pictures = new ArrayList<Picture>();
        try (var manager = networks.engine().newManager()) {
            for (int seed = 0; seed < SEEDS; seed++) {
                var z = HostArrays.of(manager, new RandomState(seed).randnFloat(generator.zSize()), new Shape(1,
                        generator
                                .zSize()));
                pictures.addAll(Scope.call(() -> {
                    var image = generator.render(generator.truncate(generator.map(z), PSI, generator.rows()),
                            Noise.STORED);
                    if (!Float.isFinite(image.sum().getFloat())) {
                        throw new ImportException(
                                "The generator draws values that are not finite: its weights are damaged."
                                        + " Fetch the file again, or take an earlier checkpoint.");
                    }
                    return Picture.of(image);
                }));
            }
        }
        return Picture.grid(pictures, COLUMNS);
    }

    /**
     * The mean of w, for a generator whose file does not have it (StyleGAN-NADA's do not).
     *
     * @param samples how many z of seed 0 are mapped
     * @return [C]
     */
    static float[] meanLatent(Generator generator, NDManager manager, int samples) {
        var random = new RandomState(0);
        int batch = 1000;
        return Scope.call(() -> {
            var sums = new NDList();
            for (int done = 0; done < samples; done += batch) {
                var z = HostArrays.of(manager, random.randnFloat(batch * generator.zSize()), new Shape(batch, generator
                        .zSize()));
                sums.add(Scope.compute(() -> generator.map(z).mean(new int[]{0}).expandDims(0)));
            }
            return NDArrays.concat(sums, 0).mean(new int[]{0}).toFloatArray();
        });
    }

    @Override
    public void close() {
        networks.close();
    }
}
