package org.atelier.worker.nn.stylegan2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;
import org.jspecify.annotations.Nullable;

/**
 * StyleGAN2 with skip connections (Karras et al. 2020; NVlabs {@code networks_stylegan2.py}).
 *
 * <p>Row use: the convolutions take the rows of w+ one after the other, and the colour layer of a block takes the same row
 * as the first convolution after it.
 */
public final class StyleGan2Generator extends LoadedNetwork implements Generator {
    private final StyleGan2Config config;
    private final MappingNetwork mapping;
    private final NDArray constant;
    private final List<SynthesisBlock> blocks;

    private StyleGan2Generator(StyleGan2Config config, WeightLoader loader) {
        super(loader);
        var synthesis = loader.in("synthesis");
        int first = StyleGan2Config.FIRST_RESOLUTION;
        this.config = config;
        this.mapping = MappingNetwork.load(config.mapping(), loader.in("mapping"));
        this.constant = synthesis.in("b" + first).take("const", config.channels().get(first), first, first);
        this.blocks = config.resolutions().stream().map(size -> SynthesisBlock.load(config, size, synthesis)).toList();
    }

    /**
     * Builds the generator.
     *
     * @param weights in NVlabs names
     * @throws org.atelier.worker.nn.WeightMismatchException if they do not fit the configuration
     */
    public static StyleGan2Generator load(StyleGan2Config config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("a StyleGAN2 generator of " + config.resolution() + " px", weights, engine,
                loader -> new StyleGan2Generator(config, loader));
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

    @Override
    public Map<String, NDArray> styles(NDArray wPlus) {
        Shapes.require("w+ [N, L, C]", wPlus, Shapes.ANY, rows(), wSize());
        var styles = new LinkedHashMap<String, NDArray>();
        int row = 0;
        for (var block : blocks) {
            for (var convolution : block.convolutions()) {
                styles.put(convolution.name(), convolution.style(wPlus.get(":, " + row++)));
            }
            styles.put(block.toRgb().name(), block.toRgb().style(wPlus.get(":, " + row)));
        }
        return styles;
    }

    @Override
    public List<String> shapingLayers() {
        return blocks.stream().flatMap(block -> block.convolutions().stream()).map(SynthesisLayer::name).toList();
    }

    @Override
    public NDArray render(Map<String, NDArray> styles, Noise noise, Tap tap) {
        long batch = styles.get(blocks.getFirst().toRgb().name()).getShape().get(0);
        return Scope.compute(() -> {
            var x = constant.expandDims(0).repeat(0, batch);
            NDArray picture = null;
            for (var block : blocks) {
                for (var convolution : block.convolutions()) {
                    x = replace(x, convolution.apply(x, styles.get(convolution.name()), noise));
                    tap.see(convolution.name(), x);
                }
                var colours = block.toRgb().apply(x, styles.get(block.toRgb().name()));
                tap.see(block.toRgb().name(), colours);
                picture = picture(block, picture, colours);
                tap.see(block.name(), picture);
            }
            return picture;
        });
    }

    private static NDArray picture(SynthesisBlock block, @Nullable NDArray before, NDArray colours) {
        var upsampling = block.upsampling();
        if (before == null || upsampling == null) {
            return colours;
        }
        return replace(before, Scope.compute(() -> upsampling.apply(before).add(colours)));
    }

    /** Gives up an array that its successor was computed from. */
    private static NDArray replace(NDArray old, NDArray successor) {
        old.close();
        return successor;
    }

    @Override
    public Noise noise(RandomState random, NDManager manager) {
        var maps = new LinkedHashMap<String, NDArray>();
        for (var block : blocks) {
            for (var convolution : block.convolutions()) {
                int size = convolution.resolution();
                maps.put(convolution.name(), HostArrays.of(manager, random.randnFloat(size * size), new Shape(1, 1,
                        size,
                        size)));
            }
        }
        return new Noise.Given(maps);
    }
}
