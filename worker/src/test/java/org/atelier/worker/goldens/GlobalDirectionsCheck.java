package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.job.DirectionApplyRequest.Selection;
import org.atelier.common.job.DirectionTrainRequest.Measurement;
import org.atelier.common.job.DirectionTrainRequest.Statistics;
import org.atelier.common.job.DirectionTrainRequest.TruncatedRows;
import org.atelier.common.job.Truncation;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.direction.ChannelMeasurement;
import org.atelier.worker.edit.direction.DirectionTable;
import org.atelier.worker.edit.direction.PromptTemplates;
import org.atelier.worker.edit.direction.StyleChannels;
import org.atelier.worker.edit.direction.StyleDirection;
import org.atelier.worker.edit.direction.StyleSampler;
import org.atelier.worker.edit.direction.StyleStatistics;
import org.atelier.worker.edit.direction.TextView;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.clip.BpeTokenizer;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.AxisFilter.Ends;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;
import org.atelier.worker.tensor.Resampling;

/** Global directions: statistics, what channels do, what a text picks of them, the edited pictures. */
final class GlobalDirectionsCheck implements Check {
    private static final int CLIP = 224;
    private static final int BATCH = 64;
    /** The reference cuts the fraction of {@code (x + 1) * 127.5} off; the product's pictures are rounded. */
    private static final double HALF_A_LEVEL = 0.5 / 127.5;
    private static final int EDITED_BETA = 1;
    private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> STD = List.of(0.26862954, 0.26130258, 0.27577711);

    @Override
    public boolean knows(Golden golden) {
        return golden.config().has("statistics_samples") && golden.config().has("betas");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var config = golden.config();
        var weights = golden.weights(config.path("generator").asText());
        var clipWeights = golden.weights(config.path("clip").asText());
        var card = Json.read(Json.tree(BundleCards.generator("g",
                weights)), NetworkCard.class);
        try (var generator = StyleGan2Generator.load(StyleGan2Config.of(card), weights, TestEngine.get());
                var clip = Clip.load(ClipConfigs.infer(clipWeights), clipWeights, TestEngine.get())) {
            compare(golden, generator, clip, verdict, manager);
        }
    }

    private static void compare(Golden golden, Generator generator, Clip clip, Verdict verdict, NDManager manager) {
        var config = golden.config();
        var channels = StyleChannels.of(generator);
        assertThat(channels.layers()).extracting(StyleChannels.Layer::name, StyleChannels.Layer::channels,
                StyleChannels.Layer::shaping).containsExactlyElementsOf(golden.description().path("style_layers")
                        .valueStream().map(layer -> tuple(layer.path("name").asText(),
                                layer.path("channels").asInt(), layer.path("in_fs3").asBoolean())).toList());
        var styles = new StyleSampler(generator, channels, statistics(config)).styles(golden.array("in.z", manager));
        var statistics = new StyleStatistics(channels.size());
        statistics.add(styles);
        verdict.compare("code_mean", array(statistics.mean(), manager));
        verdict.compare("code_std", array(statistics.deviation(), manager));
        var edited = styles.get(":" + config.path("images").asInt());
        verdict.compare("styles_first_images", edited);

        UnaryOperator<NDArray> tensor = images -> clip.imageFeatures(normalized(Resampling.square(AxisFilter.bicubic(
                generator.resolution(), CLIP, Ends.CENTRES), manager).apply(images).add(1).div(2).clip(0, 1), manager),
                Tap.NONE);
        UnaryOperator<NDArray> bytes = images -> clip.imageFeatures(normalized(pillow(images, manager), manager),
                Tap.NONE);
        float[][] fixed = new float[0][];
        for (var measurement : Measurement.values()) {
            var setting = new ChannelMeasurement.Setting(channels, statistics.mean(), statistics.deviation(), edited
                    .toFloatArray(), config.path("strength").asDouble(), measurement, BATCH);
            var name = measurement == Measurement.ISOLATED ? "fixed" : "published_defect";
            var features = new ChannelMeasurement(generator, tensor, setting, manager).features(0, channels
                    .shaping().length);
            var directions = directions(features);
            verdict.compare("fs3.tensor." + name, array(directions, manager));
            verdict.compare("fs3.pil_uint8." + name, array(directions(new ChannelMeasurement(generator, bytes, setting,
                    manager).features(0, channels.shaping().length)), manager));
            if (measurement == Measurement.ISOLATED) {
                fixed = directions;
                var first = Arrays.stream(features).limit(4).flatMap(Arrays::stream).flatMap(Arrays::stream).toArray(
                        float[][]::new);
                verdict.compare("clip_features.tensor.fixed.first_channels", array(first, manager).reshape(4,
                        features[0].length, 2, -1));
            }
        }
        boundaries(golden, new DirectionTable(Map.of(), channels, statistics.mean(), statistics.deviation(), 0, fixed),
                generator, clip, edited, verdict, manager);
    }

    private static void boundaries(Golden golden, DirectionTable table, Generator generator, Clip clip, NDArray edited,
            Verdict verdict, NDManager manager) {
        var config = golden.config();
        assertThat(PromptTemplates.IMAGENET).hasSize(config.path("templates").asInt());
        var view = new ClipView(new ClipParts(clip, BpeTokenizer.published(), ClipInput.Recipe.STYLECLIP), generator
                .resolution(), manager);
        var text = TextView.direction(TextView.of(view, PromptTemplates.about(config.path("neutral").asText())),
                TextView.of(view,
                        PromptTemplates.about(config.path("target").asText())));
        verdict.compare("delta_t", array(text, manager));
        var relevance = StyleDirection.relevance(table, text);
        verdict.compare("relevance.tensor.fixed", manager.create(relevance).toType(DataType.FLOAT32, false));
        for (var row : config.path("auto_beta_table")) {
            int kept = StyleDirection.of(table, text, new Selection.Beta(row.get(0).asDouble())).channels().size();
            assertThat(kept).as("channels at beta " + row.get(0)).isEqualTo(row.get(1).asInt());
        }
        for (int i = 0; i < config.path("betas").size(); i++) {
            var direction = StyleDirection.of(table, text, new Selection.Beta(config.path("betas").get(i).asDouble()));
            assertThat(direction.channels()).hasSize(config.path("num_channels_at_beta").get(i).asInt());
            var boundary = array(direction.boundary(), manager);
            verdict.compare("boundary.beta" + i, boundary);
            if (i == EDITED_BETA) {
                verdict.compare("edited_image.alpha4_beta" + i, generator.render(table.channels().unpack(edited.get(
                        ":2").add(boundary.mul(config.path("alpha").asDouble()))), Noise.STORED, Tap.NONE));
            }
        }
    }

    private static Statistics statistics(JsonNode config) {
        return new Statistics(config.path("statistics_samples").asInt(), 0L, new Truncation(config.path(
                "truncation_psi").asDouble(), config.path("truncation_cutoff").asInt()), TruncatedRows.EACH);
    }

    private static float[][] directions(float[][][][] features) {
        return Arrays.stream(features).map(ChannelMeasurement::direction).toArray(float[][]::new);
    }

    private static NDArray normalized(NDArray unit, NDManager manager) {
        return unit.sub(colours(MEAN, manager)).div(colours(STD, manager));
    }

    private static NDArray colours(List<Double> values, NDManager manager) {
        return manager.create(values.stream().mapToDouble(Double::doubleValue).toArray(), new Shape(1, 3, 1, 1)).toType(
                DataType.FLOAT32, false);
    }

    private static NDArray pillow(NDArray images, NDManager manager) {
        return NDArrays.concat(new NDList(Picture.of(images.sub(HALF_A_LEVEL)).stream().map(picture -> {
            var rgb = Raster.of(picture).middleSquare(CLIP).toPicture().rgb();
            var unit = new float[rgb.length];
            IntStream.range(0, rgb.length).forEach(i -> unit[i] = Byte.toUnsignedInt(rgb[i]) / 255f);
            return manager.create(unit, new Shape(1, CLIP, CLIP, 3)).transpose(0, 3, 1, 2);
        }).toList()));
    }

    private static NDArray array(float[] values, NDManager manager) {
        return manager.create(values);
    }

    private static NDArray array(float[][] rows, NDManager manager) {
        return manager.create(rows);
    }
}
