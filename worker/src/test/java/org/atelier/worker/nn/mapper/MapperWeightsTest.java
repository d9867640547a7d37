package org.atelier.worker.nn.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.NamedArrays;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.mapper.LatentMapper.Levels;
import org.atelier.worker.tensor.RandomState;
import org.junit.jupiter.api.Test;

/** One small mapper under the names of StyleCLIP and of styleclip-gan3. */
class MapperWeightsTest {
    private static final int ROWS = 10;
    private static final int WIDTH = 6;

    private static NamedArrays styleClip() {
        var weights = new NamedArrays();
        for (var level : new String[]{"course", "medium", "fine"}) {
            for (int layer = 1; layer <= 4; layer++) {
                weights.random("mapper." + level + "_mapping.mapping." + layer + ".weight", WIDTH, WIDTH);
                weights.random("mapper." + level + "_mapping.mapping." + layer + ".bias", WIDTH);
            }
        }
        return weights;
    }

    private static NamedArrays styleClipGan3() {
        return styleClip().renamed(name -> name.replaceFirst("mapper\\.(\\w+)_mapping\\.mapping\\.",
                "$1_mapper.mapper.")
                .replace("course", "coarse"));
    }

    private static float[] delta(Levels levels, Weights weights) {
        try (var mapper = (LatentMapper) Mapper.load(levels, weights, TestEngine.get());
                var manager = TestEngine.get().newManager()) {
            var numbers = new RandomState(1).randnFloat(ROWS * WIDTH);
            return mapper.delta(manager.create(numbers, new Shape(1, ROWS, WIDTH))).toFloatArray();
        }
    }

    @Test
    void bothNamesAreOneMapper() {
        assertThat(delta(Levels.STYLEGAN3, styleClipGan3())).isEqualTo(delta(Levels.STYLEGAN3, styleClip()))
                .isNotEqualTo(delta(Levels.STYLEGAN2, styleClip()));
    }

    @Test
    void levelsFollowFromTheNamesUnlessTheCardSaysThem() {
        var nothing = Json.mapper().createObjectNode();
        assertThat(Levels.of(nothing, styleClip())).isEqualTo(Levels.STYLEGAN2);
        assertThat(Levels.of(nothing, styleClipGan3())).isEqualTo(Levels.STYLEGAN3);
        var card = Json.mapper().createObjectNode();
        card.putArray("levels").add(2).add(5);
        assertThat(Levels.of(card, styleClip())).isEqualTo(new Levels(2, 5));
    }

    @Test
    void aCheckpointsGeneratorIsLeftOut() {
        var checkpoint = styleClip().random("decoder.input.input", 1, 2, 4, 4).random("latent_avg", WIDTH);
        assertThat(delta(Levels.STYLEGAN2, checkpoint)).isEqualTo(delta(Levels.STYLEGAN2, styleClip()));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> delta(Levels.STYLEGAN2, styleClip().without("mapper.fine_mapping.mapping.2.bias")))
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("mapper.fine_mapping.mapping.2.bias");
        assertThatThrownBy(() -> delta(Levels.STYLEGAN2, new NamedArrays().random("something.weight", 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no mapper's weights");
    }
}
