package org.atelier.worker.nn.stylegan3;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * StyleGAN3, -T and -R (Karras et al. 2021; NVlabs {@code networks_stylegan3.py}).
 *
 * <p>Row use: the input takes row 0 of w+, layer i row i + 1. There is no noise. A picture's numbers depend on the rest of
 * its batch at about 1e-7: see {@link ModulatedConvolution}.
 */
public final class StyleGan3Generator extends LoadedNetwork implements Generator {
    private final StyleGan3Config config;
    private final MappingNetwork mapping;
    private final FourierInput input;
    private final List<SynthesisLayer> layers;

    private StyleGan3Generator(StyleGan3Config config, WeightLoader loader) {
        super(loader);
        var synthesis = loader.in("synthesis");
        this.config = config;
        this.mapping = MappingNetwork.load(config.mapping(), loader.in("mapping"));
        this.input = new FourierInput(config, synthesis.in("input"));
        this.layers = config.plans().stream().map(plan -> new SynthesisLayer(plan, config, synthesis)).toList();
    }

    /**
     * Builds the generator.
     *
     * @param weights in NVlabs names
     * @throws org.atelier.worker.nn.WeightMismatchException if they do not fit the configuration
     * @throws IllegalArgumentException                      if their filters are not those of the configuration
     */
    public static StyleGan3Generator load(StyleGan3Config config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("a StyleGAN3 generator of " + config.resolution() + " px", weights, engine,
                loader -> new StyleGan3Generator(config, loader));
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
        return config.resolution();
    }

    /** As in {@link Generator}; the first, {@code synthesis.input}, is the pose of the face and not its look. */
    @Override
    public Map<String, NDArray> styles(NDArray wPlus) {
        Shapes.require("w+ [N, L, C]", wPlus, Shapes.ANY, rows(), wSize());
        var styles = new LinkedHashMap<String, NDArray>();
        styles.put(FourierInput.NAME, input.style(wPlus.get(":, 0")));
        for (int i = 0; i < layers.size(); i++) {
            styles.put(layers.get(i).name(), layers.get(i).style(wPlus.get(":, " + (i + 1))));
        }
        return styles;
    }

    @Override
    public List<String> shapingLayers() {
        return layers.subList(0, layers.size() - 1).stream().map(SynthesisLayer::name).toList();
    }

    @Override
    public boolean places() {
        return true;
    }

    /** By the style of the input layer, which is a turn and a shift itself: so each picture of a batch has its own place. */
    @Override
    public Map<String, NDArray> placed(Map<String, NDArray> styles, List<Placement> placements) {
        if (placements.stream().allMatch(Placement::isNone)) {
            return styles;
        }
        var placed = new LinkedHashMap<>(styles);
        placed.computeIfPresent(FourierInput.NAME, (name, style) -> input.placed(style, placements));
        return placed;
    }

    @Override
    public NDArray render(Map<String, NDArray> styles, Noise noise, Tap tap) {
        return render(styles, input.stored(), tap);
    }

    /**
     * Draws pictures that lie elsewhere in their frame.
     *
     * @param styles    as {@link #styles} gives them
     * @param transform takes the place of the stored one
     * @param tap       sees the output of every layer
     * @return [N, 3, H, W], nominally in -1..1 and not clamped
     */
    public NDArray render(Map<String, NDArray> styles, InputTransform transform, Tap tap) {
        return Scope.compute(() -> {
            var x = input.apply(styles.get(FourierInput.NAME), transform);
            tap.see(FourierInput.NAME, x);
            for (var layer : layers) {
                var y = layer.apply(x, styles.get(layer.name()));
                x.close();
                x = y;
                tap.see(layer.name(), x);
            }
            return Scalars.mul(x, config.outputScale());
        });
    }

    /** None: a StyleGAN3 has no noise. */
    @Override
    public Noise noise(RandomState random, NDManager manager) {
        return Noise.NONE;
    }
}
