package org.atelier.worker.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.assertj.core.data.Offset;
import org.atelier.common.bundle.BundleCard;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.nn.stylegan3.InputTransform;
import org.atelier.worker.nn.stylegan3.StyleGan3Config;
import org.atelier.worker.nn.stylegan3.StyleGan3Generator;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hyper-parameters from shapes, filters that give a wrong configuration away, labels. */
class GeneratorConfigTest {
    private static final int W = 8;
    private static final int LABELS = 3;

    /** Arrays of one value, with a filter where a test puts one. */
    private record Table(Map<String, Shape> shapes, Map<String, double[][]> filters) implements Weights {
        @Override
        public Set<String> names() {
            return shapes.keySet();
        }

        @Override
        public Shape shape(String name) {
            return shapes.get(name);
        }

        @Override
        public NDArray read(String name, NDManager manager) {
            if (!filters.containsKey(name)) {
                return manager.full(shape(name), name.contains("embed") ? 0.25f : 0.5f);
            }
            var taps = filters.get(name);
            var flat = new float[Math.toIntExact(shape(name).size())];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = (float) taps[i / taps[0].length][i % taps[0].length];
            }
            return manager.create(flat, shape(name));
        }
    }

    private static ObjectNode none() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A conditional StyleGAN3-R of 16 px with four layers, of which one is critical, and its filters. */
    private static Table weights() {
        var shapes = new LinkedHashMap<String, Shape>();
        shapes.put("mapping.w_avg", new Shape(W));
        shapes.put("mapping.embed.weight", new Shape(W, LABELS));
        shapes.put("mapping.embed.bias", new Shape(W));
        shapes.put("mapping.fc0.weight", new Shape(W, 5 + W));
        shapes.put("mapping.fc0.bias", new Shape(W));
        shapes.put("synthesis.input.weight", new Shape(4, 4));
        shapes.put("synthesis.input.affine.weight", new Shape(4, W));
        shapes.put("synthesis.input.affine.bias", new Shape(4));
        shapes.put("synthesis.input.freqs", new Shape(4, 2));
        shapes.put("synthesis.input.phases", new Shape(4));
        var layers = new String[]{"L0_36_4", "L1_36_4", "L2_36_4", "L3_16_4", "L4_16_3"};
        for (var layer : layers) {
            int outputs = layer.equals("L4_16_3") ? 3 : 4;
            shapes.put("synthesis." + layer + ".weight", new Shape(outputs, 4, 1, 1));
            shapes.put("synthesis." + layer + ".bias", new Shape(outputs));
            shapes.put("synthesis." + layer + ".magnitude_ema", new Shape());
            shapes.put("synthesis." + layer + ".affine.weight", new Shape(4, W));
            shapes.put("synthesis." + layer + ".affine.bias", new Shape(4));
        }
        var filters = StyleGan3Config.of(none().put("num_critical", 1), new Table(shapes, Map.of())).filters();
        filters.forEach((name, taps) -> shapes.put(name, taps[0].length == 1
                ? new Shape(taps.length)
                : new Shape(taps.length, taps.length)));
        return new Table(shapes, filters);
    }

    @Test
    void sizesComeFromShapesAndRightFiltersPass() {
        var config = StyleGan3Config.of(none().put("num_critical", 1), weights());
        assertThat(config.mapping()).isEqualTo(new MappingNetwork.Form(5, LABELS, W, 1, W, 0.01));
        assertThat(config.resolution()).isEqualTo(16);
        assertThat(config.radialFilters()).isTrue();
        assertThat(config.convClamp()).isEqualTo(256);
        Scope.run(() -> {
            try (var generator = StyleGan3Generator.load(config, weights(), TestEngine.get());
                    var manager = TestEngine.get().newManager()) {
                var wPlus = manager.ones(new Shape(1, generator.rows(), W));
                assertThat(generator.render(wPlus, Noise.NONE).getShape()).isEqualTo(new Shape(1, 3, 16, 16));
            }
        });
    }

    @Test
    void aBundleOpensWithWhatItsCardSays(@TempDir Path folder) {
        var config = StyleGan3Config.of(none().put("num_critical", 1), weights());
        Scope.run(() -> {
            try (var generator = StyleGan3Generator.load(config, weights(), TestEngine.get());
                    var manager = TestEngine.get().newManager()) {
                var bytes = SafetensorsWriter.bytes(generator.parameters(), Map.of());
                Files.write(folder.resolve("generator.safetensors"), bytes);
                Files.writeString(folder.resolve(BundleCard.FILE), """
                        {"name": "small", "version": "1", "title": "t", "licence": "CC0-1.0", "generator": {
                          "architecture": "stylegan3", "file": "generator.safetensors", "sha256": "%s",
                          "config": {"num_ws": 6, "num_critical": 1}}}""".formatted("0".repeat(64)));
                var wPlus = manager.ones(new Shape(1, generator.rows(), W));
                try (var bundle = BundleNetworks.open(folder, TestEngine.get())) {
                    assertThat(bundle.generator().rows()).isEqualTo(bundle.card().latentRows());
                    assertThat(bundle.generator().render(wPlus, Noise.NONE)).isEqualTo(generator.render(wPlus,
                            Noise.NONE));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void storedFiltersGiveAWrongConfigurationAway() {
        var config = StyleGan3Config.of(none().put("num_critical", 1).put("first_cutoff", 2.5), weights());
        assertThatThrownBy(() -> StyleGan3Generator.load(config, weights(), TestEngine.get()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("up_filter of synthesis.L0_36_4")
                .hasMessageContaining("first_cutoff");
    }

    @Test
    void aStoredNullIsNoClamp() {
        assertThat(StyleGan3Config.of(none().putNull("conv_clamp"), weights()).convClamp()).isInfinite();
    }

    @Test
    void labelsTakePartInMapping() {
        var config = StyleGan3Config.of(none().put("num_critical", 1), weights());
        Scope.run(() -> {
            try (var generator = StyleGan3Generator.load(config, weights(), TestEngine.get());
                    var manager = TestEngine.get().newManager()) {
                var z = manager.ones(new Shape(1, 5));
                assertThat(generator.labelSize()).isEqualTo(LABELS);
                assertThatThrownBy(() -> generator.map(z)).hasMessageContaining("needs a label [N, 3]");
                // z and the embedding both normalise to ones; one layer: 13 inputs, factor sqrt(2) * 0.01
                double w = Math.sqrt(2) * 0.01 * (0.5 * 13 / Math.sqrt(13) + 0.5);
                var label = manager.create(new float[]{0, 1, 0}, new Shape(1, LABELS));
                assertThat((double) generator.map(z, label).getFloat(0, 0)).isCloseTo(w, Offset.offset(1e-6));
                assertThatThrownBy(() -> generator.map(z, manager.ones(new Shape(1, 2)))).hasMessageContaining("label");
            }
        });
    }

    @Test
    void placingIsTheInverseOfWhatHappensToThePicture() {
        var transform = InputTransform.of(new Placement(0.25, -0.5, 90));
        var back = transform.inverse();
        assertThat(back.x0()).isCloseTo(0.25, Offset.offset(1e-12));
        assertThat(back.y0()).isCloseTo(-0.5, Offset.offset(1e-12));
        assertThat(back.xy()).isCloseTo(1, Offset.offset(1e-12));
        assertThatThrownBy(() -> new InputTransform(0, 0, 0, 0, 0, 0).inverse()).hasMessageContaining(
                "cannot be inverted");
    }
}
