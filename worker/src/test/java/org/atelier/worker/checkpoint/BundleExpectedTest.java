package org.atelier.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.clip.BpeTokenizer.Overflow;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.nn.face.FaceCrop;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the networks of the bundle that comes with the project against {@code expected/}, whose README states the
 * tolerances: {@code max|x - g| <= tol * max|g|}.
 */
class BundleExpectedTest {
    private static final Path BUNDLE = Path.of("../models/avatar-128");
    private static final double TOLERANCE = 1e-4;

    private static NDManager manager;
    private static BundleNetworks networks;
    private static SafetensorsFile expected;
    private static long[] seeds;

    @BeforeAll
    static void open() throws IOException {
        manager = TestEngine.get().newManager();
        networks = BundleNetworks.open(BUNDLE, TestEngine.get());
        expected = SafetensorsFile.open(BUNDLE.resolve("expected/expected.safetensors"));
        seeds = Json.mapper().readValue(expected.metadata().get("seeds"), long[].class);
    }

    @AfterAll
    static void close() {
        expected.close();
        networks.close();
        manager.close();
    }

    private static void compare(String name, NDArray actual, double tolerance) {
        var wanted = expected.readAsStored(name, manager);
        assertThat(actual.getShape()).as(name).isEqualTo(wanted.getShape());
        double largest = actual.sub(wanted).abs().max().getFloat();
        assertThat(largest).as(name).isLessThanOrEqualTo(tolerance * wanted.abs().max().getFloat());
    }

    private static NDArray images() {
        return expected.readAsStored("image", manager);
    }

    @Test
    void seedsAreTheStreamsOfNumpy() {
        var rows = new NDList();
        for (long seed : seeds) {
            rows.add(manager.create(new RandomState(seed).randnFloat(128), new Shape(1, 128)));
        }
        compare("z", NDArrays.concat(rows), 0);
    }

    @Test
    void generatorMapsAndDraws() {
        Scope.run(() -> {
            var generator = networks.generator();
            var w = generator.map(expected.readAsStored("z", manager));
            var truncated = generator.truncate(w, 0.7, generator.rows());
            var all = generator.truncate(expected.readAsStored("w", manager), 1, 0);
            compare("w", w, TOLERANCE);
            compare("w_psi07", truncated.get(":, 0"), TOLERANCE);
            compare("image", generator.render(all, Noise.STORED), TOLERANCE);
            compare("image_psi07", generator.render(generator.truncate(expected
                    .readAsStored("w_psi07", manager), 1, 0), Noise.STORED), TOLERANCE);
            compare("image_noise_none", generator.render(all, Noise.NONE), TOLERANCE);
            for (int i = 0; i < seeds.length; i++) { // one picture at a time takes another way through the operators
                var one = generator.render(all.get(i + ":" + (i + 1)), Noise.STORED);
                assertThat(one.sub(images().get(i)).abs().max().getFloat()).isLessThan(5e-4f);
            }
        });
    }

    @Test
    void picturesAreThoseThatWereStored() throws IOException {
        var pictures = Picture.of(images());
        for (int i = 0; i < seeds.length; i++) {
            var stored = Picture.read(Files.readAllBytes(BUNDLE.resolve("expected/seed" + seeds[i] + ".png")));
            var a = pictures.get(i).rgb();
            var b = stored.rgb();
            assertThat(a).hasSameSizeAs(b);
            for (int at = 0; at < a.length; at++) {
                assertThat(Byte.toUnsignedInt(a[at])).isCloseTo(Byte.toUnsignedInt(b[at]), within(1));
            }
        }
    }

    @Test
    void clipEmbedsTextsAndPictures() throws IOException {
        var prompts = Json.mapper().readValue(expected.metadata().get("prompts"), String[].class);
        Scope.run(() -> {
            var clip = networks.clip().orElseThrow();
            int context = clip.network().config().context();
            var rows = new NDList();
            for (var prompt : prompts) {
                rows.add(manager.create(clip.tokenizer().tokenize(prompt, context, Overflow.ERROR), new Shape(1,
                        context)));
            }
            var tokens = NDArrays.concat(rows);
            assertThat(tokens.contentEquals(expected.readAsStored("tokens", manager))).isTrue();
            compare("text_embedding", unit(clip.network().textFeatures(tokens, Tap.NONE)), TOLERANCE);
            try (var input = new ClipInput(clip.recipe(), 128, clip.network().config().resolution(), manager)) {
                compare("clip_image_embedding", unit(clip.network().imageFeatures(input.apply(images()), Tap.NONE)),
                        TOLERANCE);
            }
        });
    }

    private static NDArray unit(NDArray features) {
        return features.div(features.norm(new int[]{1}, true));
    }

    @Test
    void identityAndEncoderAndReaderAndPerceptualDistanceAgree() {
        Scope.run(() -> {
            var identity = networks.identity().orElseThrow();
            try (var crop = new FaceCrop(128, identity.input(), manager)) {
                compare("identity_embedding", identity.embed(crop.apply(images()), Tap.NONE), TOLERANCE);
            }
            compare("encoder_w", networks.encoder().orElseThrow().encode(images()).get(":, 0"), TOLERANCE);
            compare("reader", networks.reader().orElseThrow().scores(images().clip(-1, 1)), 1e-3);
            var perceptual = networks.perceptual().orElseThrow();
            var first = images().get("0:1");
            compare("lpips_0_1", perceptual.distance(first, images().get("1:2")).reshape(1), TOLERANCE);
            compare("lpips_0_7", perceptual.distance(first, images().get("2:3")).reshape(1), TOLERANCE);
        });
    }
}
