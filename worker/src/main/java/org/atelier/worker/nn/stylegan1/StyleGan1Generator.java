package org.atelier.worker.nn.stylegan1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * StyleGAN (Karras et al. 2018), as it is after progressive growing: only the last layer of colours draws. Layer i takes
 * row i of w+.
 */
public final class StyleGan1Generator extends LoadedNetwork implements Generator {
    private static final int COLOURS = 3;

    private final StyleGan1Config config;
    private final MappingNetwork mapping;
    private final List<StyledLayer> layers;
    private final Derived colours;
    private final NDArray coloursBias;

    private StyleGan1Generator(StyleGan1Config config, WeightLoader loader) {
        super(loader);
        var synthesis = loader.in("synthesis");
        int last = config.rows() / 2 - 1;
        int channels = config.channels().getLast();
        this.config = config;
        this.mapping = MappingNetwork.ofFirstStyleGan(config.mapping(), loader.in("mapping"), loader.in("truncation")
                .take("w_avg", config.mapping().wSize()));
        this.layers = IntStream.range(0, config.rows()).mapToObj(i -> new StyledLayer(i, config, synthesis)).toList();
        this.colours = Derived.of(synthesis.in("output" + last).take("weight", COLOURS, channels, 1, 1),
                w -> Convolution.channelsLast(Scalars.mul(w, 1 / Math.sqrt(channels))));
        this.coloursBias = synthesis.in("output" + last).take("bias", COLOURS);
        synthesis.ignore("lod");
        for (int i = 0; i < last; i++) {
            synthesis.in("output" + i).ignore("weight");
            synthesis.in("output" + i).ignore("bias");
        }
    }

    /**
     * Builds the generator.
     *
     * @param weights in the names of the published PyTorch form
     * @throws org.atelier.worker.nn.WeightMismatchException if they do not fit the configuration
     */
    public static StyleGan1Generator load(StyleGan1Config config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("a StyleGAN generator of " + config.resolution(config.rows() - 1) + " px", weights,
                engine, loader -> new StyleGan1Generator(config, loader));
    }

    @Override
    public MappingNetwork mapping() {
        return mapping;
    }

    @Override
    public int rows() {
        return config.rows();
    }

    @Override
    public int resolution() {
        return config.resolution(rows() - 1);
    }

    @Override
    public Map<String, NDArray> styles(NDArray wPlus) {
        Shapes.require("w+ [N, L, C]", wPlus, Shapes.ANY, rows(), wSize());
        var styles = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < layers.size(); i++) {
            styles.put(layers.get(i).name(), layers.get(i).style(wPlus.get(":, " + i)));
        }
        return styles;
    }

    @Override
    public List<String> shapingLayers() {
        return layers.stream().map(StyledLayer::name).toList();
    }

    @Override
    public NDArray render(Map<String, NDArray> styles, Noise noise, Tap tap) {
        return Scope.compute(() -> {
            var x = styles.get(layers.getFirst().name()).duplicate();
            for (var layer : layers) {
                var y = layer.apply(x, styles.get(layer.name()), noise);
                x.close();
                x = y;
                tap.see(layer.name(), x);
            }
            return Convolution.conv2d(x, colours.get(), coloursBias, 1, 0);
        });
    }

    @Override
    public Noise noise(RandomState random, NDManager manager) {
        var maps = new LinkedHashMap<String, NDArray>();
        for (var layer : layers) {
            int size = layer.resolution();
            maps.put(layer.name(), HostArrays.of(manager, random.randnFloat(size * size), new Shape(1, 1, size, size)));
        }
        return new Noise.Given(maps);
    }
}
