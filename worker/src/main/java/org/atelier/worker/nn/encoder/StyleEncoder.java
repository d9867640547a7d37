package org.atelier.worker.nn.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.face.IrSeBody;
import org.atelier.worker.nn.face.IrSeConfig;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.AxisFilter.Ends;
import org.atelier.worker.tensor.Resampling;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;
import org.jspecify.annotations.Nullable;

/**
 * An encoder into W+ with a small network for each row, after a body that all share: pSp (Richardson et al. 2021), e4e (Tov
 * et al. 2021), and both as ReStyle uses them (Alaluf et al. 2021). In pSp and e4e the coarse rows look at the smallest
 * map, the others at larger ones of a feature pyramid; in ReStyle all look at the smallest.
 */
public final class StyleEncoder extends LoadedNetwork implements Encoder {
    /** First row that looks at the middle map of the pyramid, and first that looks at the largest. */
    private static final int MIDDLE = 3;
    private static final int FINE = 7;

    private final Rows kind;
    private final int channels;
    private final Body body;
    private final List<StyleBlock> styles = new ArrayList<>();
    private final @Nullable Pyramid pyramid;
    private final Optional<NDArray> start;

    /** What a row's network gives; no weight tells. */
    public enum Rows {
        /** The row itself (pSp). */
        INDEPENDENT,
        /** Its difference from the first row (e4e). */
        PROGRESSIVE
    }

    private StyleEncoder(Rows kind, Weights weights, WeightLoader loader) {
        super(loader);
        var encoder = loader.in("encoder");
        this.kind = kind;
        if (encoder.has("conv1.weight")) {
            this.channels = Math.toIntExact(encoder.shape("conv1.weight").get(1));
            this.body = new ResNetBody(channels, encoder);
        } else {
            var stages = IrSeConfig.stages(weights, "encoder.");
            var first = encoder.shape("input_layer.0.weight");
            this.channels = first.isEmpty() ? 3 : Math.toIntExact(first.get(1));
            this.body = new IrSe(new IrSeConfig(0, stages, 0), channels, encoder);
        }
        var pyramidal = encoder.has("latlayer1.weight");
        long inputs = body.features();
        for (int i = 0; i == 0 || encoder.has("styles." + i + ".linear.weight"); i++) {
            styles.add(new StyleBlock(inputs, encoder.in("styles." + i)));
        }
        this.pyramid = pyramidal ? new Pyramid(encoder, inputs, styles.getFirst().size()) : null;
        this.start = MeanLatent.load(loader, styles.size(), styles.getFirst().width());
    }

    /**
     * Builds the network; all sizes, and which body it has, are read from names and shapes.
     *
     * @param rows    what the rows' networks give
     * @param weights in pSp's names: {@code encoder.*}, {@code latent_avg}; {@code decoder.*} is left out
     * @throws IllegalArgumentException                          if these are no such encoder's weights
     * @throws org.atelier.worker.nn.WeightMismatchException if some are missing or misshapen
     */
    public static StyleEncoder load(Rows rows, Weights weights, TensorEngine engine) {
        var encoder = EncoderWeights.of(weights);
        return WeightLoader.load("an encoder into W+", encoder, engine, loader -> new StyleEncoder(rows, encoder,
                loader));
    }

    @Override
    public int input() {
        return styles.getFirst().size() * body.reduction();
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int rows() {
        return styles.size();
    }

    @Override
    public Optional<NDArray> start() {
        return start;
    }

    @Override
    public NDArray codes(NDArray images) {
        return codes(images, rows() - 1);
    }

    /**
     * The codes of a network that is trained row by row.
     *
     * @param images [N, channels, input, input] in -1..1
     * @param stage  last row with a code of its own; later ones equal the first row. It has no meaning where the rows are
     *               independent
     * @return [N, rows, C]
     */
    public NDArray codes(NDArray images, int stage) {
        Shapes.require("images [N, C, H, W]", images, Shapes.ANY, channels, input(), input());
        return Scope.compute(() -> {
            var maps = body.maps(images);
            var levels = pyramid == null ? List.of(maps.getLast()) : pyramid.levels(maps);
            var rows = new NDList();
            for (int row = 0; row < styles.size(); row++) {
                rows.add(row(row, stage, levels, rows));
            }
            return NDArrays.stack(rows, 1);
        });
    }

    private NDArray row(int row, int stage, List<NDArray> levels, NDList before) {
        if (kind == Rows.PROGRESSIVE && row > stage) {
            return before.getFirst();
        }
        int level = row < MIDDLE ? 0 : row < FINE ? 1 : 2;
        var own = styles.get(row).apply(levels.get(Math.min(level, levels.size() - 1)));
        return kind == Rows.PROGRESSIVE && row > 0 ? before.getFirst().add(own) : own;
    }

    /** The maps of an IR-SE body. */
    private static final class IrSe implements Body {
        private final IrSeConfig config;
        private final IrSeBody body;
        private final List<String> ends = new ArrayList<>();

        IrSe(IrSeConfig config, int channels, WeightLoader loader) {
            this.config = config;
            this.body = new IrSeBody(config, channels, loader);
            int units = 0;
            for (var stage : config.stages()) {
                units += stage.units();
                ends.add("body." + (units - 1));
            }
        }

        @Override
        public int features() {
            return config.features();
        }

        @Override
        public int reduction() {
            return 1 << config.stages().size();
        }

        @Override
        public List<NDArray> maps(NDArray x) {
            var maps = new ArrayList<NDArray>();
            Tap ending = (name, output) -> {
                if (ends.contains(name)) {
                    maps.add(output);
                }
            };
            body.apply(x, ending);
            return maps;
        }
    }

    /** Adds what smaller maps saw to larger ones (feature pyramid, Lin et al. 2017). */
    private static final class Pyramid {
        private final ConvolutionLayer middle;
        private final ConvolutionLayer large;
        private final Resampling toMiddle;
        private final Resampling toLarge;

        /**
         * Loads it.
         *
         * @param features channels of all levels
         * @param size     of the smallest map
         */
        Pyramid(WeightLoader encoder, long features, int size) {
            this.middle = lateral(encoder.in("latlayer1"), features);
            this.large = lateral(encoder.in("latlayer2"), features);
            this.toMiddle = Resampling.square(AxisFilter.bilinear(size, 2 * size, Ends.CENTRES), encoder.manager());
            this.toLarge = Resampling.square(AxisFilter.bilinear(2 * size, 4 * size, Ends.CENTRES), encoder.manager());
        }

        private static ConvolutionLayer lateral(WeightLoader loader, long features) {
            var shape = loader.shape("weight");
            return ConvolutionLayer.withBias(loader, new Form(shape.isEmpty() ? 1 : shape.get(1), features, 1, 1));
        }

        /** From the smallest map to the largest. */
        List<NDArray> levels(List<NDArray> maps) {
            int last = maps.size() - 1;
            var small = maps.get(last);
            var medium = toMiddle.apply(small).add(middle.apply(maps.get(last - 1)));
            return List.of(small, medium, toLarge.apply(medium).add(large.apply(maps.get(last - 2))));
        }
    }
}
