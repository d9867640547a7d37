package org.atelier.worker.edit.direction;

import java.util.function.UnaryOperator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.job.DirectionTrainRequest.Measurement;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.HostNumbers;
import org.atelier.worker.tensor.Scope;

/**
 * What single channels do to CLIP's view of pictures: each is moved to both sides of its mean while all others stay as
 * they are (StyleCLIP {@code SingleChannel.py}).
 */
public final class ChannelMeasurement {
    /** Below its mean and above it, in this order. */
    private static final int SIDES = 2;

    private final Generator generator;
    private final UnaryOperator<NDArray> embed;
    private final Setting setting;
    private final NDManager manager;
    private final int[] places;

    /**
     * What is measured, and where.
     *
     * @param channels    of the generator
     * @param mean        of each channel [K]
     * @param deviation   of each channel [K]
     * @param styles      of the pictures that channels are measured on [N, K], row by row
     * @param strength    in deviations
     * @param measurement what becomes of a channel that was measured
     * @param batch       pictures drawn at once
     */
    public record Setting(
            StyleChannels channels,
            float[] mean,
            float[] deviation,
            float[] styles,
            double strength,
            Measurement measurement,
            int batch) {
        private int pictures() {
            return styles.length / mean.length;
        }
    }

    /**
     * Prepares.
     *
     * @param embed   CLIP's view: pictures [B, 3, H, W] in -1..1, not clamped, to features [B, E]
     * @param manager lends memory for the time of a call
     */
    public ChannelMeasurement(Generator generator, UnaryOperator<NDArray> embed, Setting setting, NDManager manager) {
        this.generator = generator;
        this.embed = embed;
        this.setting = setting;
        this.manager = manager;
        this.places = setting.channels.shaping();
    }

    /**
     * CLIP's features of every picture with a channel moved.
     *
     * @param from first shaping channel
     * @param to   first one after them
     * @return [to - from][N][2][E]: below the mean and above it
     */
    public float[][][][] features(int from, int to) {
        int pictures = setting.pictures();
        var features = new float[to - from][pictures][SIDES][];
        int total = (to - from) * pictures * SIDES;
        for (int start = 0; start < total; start += setting.batch) {
            int end = Math.min(total, start + setting.batch);
            var embedded = embedded(from, start, end);
            int width = embedded.length / (end - start);
            for (int i = start; i < end; i++) {
                var feature = new float[width];
                System.arraycopy(embedded, (i - start) * width, feature, 0, width);
                features[i / SIDES / pictures][i / SIDES % pictures][i % SIDES] = feature;
            }
        }
        return features;
    }

    private float[] embedded(int from, int start, int end) {
        int size = setting.mean.length;
        int pictures = setting.pictures();
        var styles = new float[(end - start) * size];
        for (int i = start; i < end; i++) {
            int row = (i - start) * size;
            System.arraycopy(setting.styles, i / SIDES % pictures * size, styles, row, size);
            move(styles, row, from + i / SIDES / pictures, i % SIDES == 0 ? -setting.strength : setting.strength);
        }
        return Scope.call(() -> embed.apply(generator.render(setting.channels.unpack(HostArrays.of(manager, styles,
                new Shape(end - start, size))), Noise.STORED, Tap.NONE)).toFloatArray());
    }

    private void move(float[] styles, int row, int channel, double deviations) {
        if (setting.measurement == Measurement.PUBLISHED) {
            for (int before = 0; before < channel; before++) {
                styles[row + places[before]] = setting.mean[places[before]];
            }
        }
        int place = places[channel];
        styles[row + place] = (float) (setting.mean[place] + deviations * setting.deviation[place]);
    }

    /**
     * The direction in which a channel moves CLIP's view: of each picture the difference of the normalised features,
     * normalised; of these the mean, normalised (StyleCLIP {@code GetFs}).
     *
     * @param features [N][2][E] of one channel
     * @return [E]; all zero if the channel moves nothing
     */
    public static float[] direction(float[][][] features) {
        var mean = new double[features[0][0].length];
        for (var sides : features) {
            var below = Vectors.unit(HostNumbers.doubles(sides[0]));
            var above = Vectors.unit(HostNumbers.doubles(sides[1]));
            for (int i = 0; i < above.length; i++) {
                above[i] -= below[i];
            }
            var unit = Vectors.unit(above);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += unit[i] / features.length;
            }
        }
        return HostNumbers.floats(Vectors.unit(mean));
    }
}
