package org.atelier.worker.face;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.atelier.worker.nn.HostWeights;

/** Random weights in the layout of {@code pnet.pt}, {@code rnet.pt} and {@code onet.pt}. */
public final class MtcnnWeights extends HostWeights {
    /** Slope of every PReLU. */
    private static final float SLOPE = 0.25f;

    /** What {@link FaceFinderTraining} made. */
    public static final Path TRAINED = Path.of("src/test/resources/org/atelier/worker/face");

    private MtcnnWeights(long seed, boolean biases) {
        var random = new Random(seed);
        layer("pnet.conv1", random, biases, 10, 3, 3, 3);
        layer("pnet.conv2", random, biases, 16, 10, 3, 3);
        layer("pnet.conv3", random, biases, 32, 16, 3, 3);
        layer("pnet.conv4_1", random, biases, 2, 32, 1, 1);
        layer("pnet.conv4_2", random, biases, 4, 32, 1, 1);
        layer("rnet.conv1", random, biases, 28, 3, 3, 3);
        layer("rnet.conv2", random, biases, 48, 28, 3, 3);
        layer("rnet.conv3", random, biases, 64, 48, 2, 2);
        layer("rnet.dense4", random, biases, 128, 576);
        layer("rnet.dense5_1", random, biases, 2, 128);
        layer("rnet.dense5_2", random, biases, 4, 128);
        layer("onet.conv1", random, biases, 32, 3, 3, 3);
        layer("onet.conv2", random, biases, 64, 32, 3, 3);
        layer("onet.conv3", random, biases, 64, 64, 3, 3);
        layer("onet.conv4", random, biases, 128, 64, 2, 2);
        layer("onet.dense5", random, biases, 256, 1152);
        layer("onet.dense6_1", random, biases, 2, 256);
        layer("onet.dense6_2", random, biases, 4, 256);
        layer("onet.dense6_3", random, biases, 10, 256);
    }

    /** Everything random, slopes and biases too. */
    public static MtcnnWeights random(long seed) {
        return new MtcnnWeights(seed, true);
    }

    /** What training starts from (He et al. 2015). */
    public static MtcnnWeights initial(long seed) {
        return new MtcnnWeights(seed, false);
    }

    /** The same, but for networks whose files a folder has. */
    public MtcnnWeights with(Path folder) throws IOException {
        for (var part : List.of("pnet", "rnet", "onet")) {
            var file = folder.resolve(part + ".pt");
            if (Files.exists(file)) {
                new PublishedFileReader().read(file).tensors().tensors().forEach((name, tensor) -> put(part + "."
                        + name, tensor.toFloats(), tensor.shape()));
            }
        }
        return this;
    }

    private void layer(String name, Random random, boolean biases, long... shape) {
        long inputs = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            inputs *= shape[axis];
        }
        // The last layers start near zero: places are fractions of a window.
        double deviation = Math.sqrt(2.0 / inputs) * (biases || !name.contains("_") ? 1 : 0.1);
        put(name + ".weight", gaussian(random, Math.toIntExact(shape[0] * inputs), deviation), shape);
        put(name + ".bias", gaussian(random, Math.toIntExact(shape[0]), biases ? 0.1 : 0), shape[0]);
        if (!name.contains("_")) {
            var slopes = gaussian(random, Math.toIntExact(shape[0]), biases ? 0.1 : 0);
            for (int i = 0; i < slopes.length; i++) {
                slopes[i] += SLOPE;
            }
            put(name.replaceAll("conv|dense", "prelu") + ".weight", slopes, shape[0]);
        }
    }

    private static float[] gaussian(Random random, int size, double deviation) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }
}
