package org.atelier.worker.edit.mapper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.common.request.SubmissionReader;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.invert.Inversion;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.quality.Judge;
import org.atelier.worker.quality.Reading;
import org.atelier.worker.quality.Wish;
import org.atelier.worker.quality.WishList;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A short training does to faces that it has not seen what its words say: a reader that is in no loss judges. */
class MapperEffectTest {
    private static final String PINK = "a person with pink hair";
    private static final String CONTROL = "a person wearing overalls";
    private static final int FACES = 12;
    /** Of projected latents from the mean. */
    private static final double MOST_DEVIATIONS = 1.5;
    private static final int PROJECTED = 2;

    private static BundleNetworks networks;
    private static NDManager manager;
    private static Judge judge;
    private static Wish pink;
    private static byte[] pinkMapper;
    private static List<Edited> pinkFaces;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        manager = TestEngine.get().newManager();
        judge = Judge.of(networks, WishList.of("avatar-128").orElseThrow());
        pink = judge.list().wishes().stream().filter(wish -> wish.prompt().equals(PINK)).findFirst().orElseThrow();
        pinkMapper = train(PINK);
        pinkFaces = edit(pinkMapper);
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static byte[] train(String prompt) {
        var request = (MapperTrainRequest) new SubmissionReader().read("""
                {"request": {"type": "mapper-train", "bundle": "avatar-128", "prompt": "%s", "steps": 40, "batch": 2,
                 "optimizer": "adam", "learning_rate": 1, "factor": 0.3, "clip_lambda": 0.5, "directional_lambda": 0.5,
                 "l2_lambda": 0.1, "id_lambda": 0, "latents": {"kind": "sampled", "truncation": {"psi": 1}},
                 "validation": {"count": 0}, "preview_every": 0}}""".formatted(prompt).getBytes()).submission()
                .request();
        try (var training = MapperTraining.of(request, networks, new FakeInputs())) {
            while (!training.isDone()) {
                training.step();
            }
            return training.finish().getFirst().bytes();
        }
    }

    /** Readings of faces before and after an edit. */
    private record Edited(Reading before, Reading after) {}

    private static List<Edited> edit(byte[] mapper) {
        return edit(mapper, LongStream.rangeClosed(1, FACES).mapToObj("{\"seed\": %d}"::formatted).toList(),
                new FakeInputs());
    }

    private static List<Edited> edit(byte[] mapper, List<String> sources, FakeInputs inputs) {
        var request = (MapperApplyRequest) new SubmissionReader().read(
                """
                        {"request": {"type": "mapper-apply", "bundle": "avatar-128", "mapper": {"blob": "%s"}, "sources": %s}}"""
                        .formatted(Digest.of(mapper), sources).getBytes()).submission().request();
        var edited = new ArrayList<Edited>();
        try (var application = new MapperApplication(request, networks, inputs.with(mapper))) {
            while (!application.isDone()) {
                var products = application.step().products();
                edited.add(new Edited(read(products.get(0).bytes()), read(products.get(1).bytes())));
            }
        }
        return edited;
    }

    /** The latent of a picture of a seed, found by looking at the picture alone, no farther from the mean than faces are. */
    private static byte[] projected(long seed) {
        var picture = Scope.call(() -> Picture.of(networks.generator().render(new Latents(networks, new FakeInputs())
                .resolve(new Source.Seed(seed), Truncation.NONE, manager), Noise.STORED)).getFirst().png());
        var request = (InvertRequest) new SubmissionReader().read(
                """
                        {"request": {"type": "invert", "bundle": "avatar-128", "source": {"image": "%s", "aligned": true}, "space": "w+", "steps": 40,
                         "samples": 1000, "optimize_noise": false, "max_deviation": %s, "preview_every": 0}}"""
                        .formatted(Digest.of(picture), MOST_DEVIATIONS).getBytes()).submission().request();
        try (var inversion = new Inversion(request, networks, new FakeInputs().with(picture))) {
            while (!inversion.isDone()) {
                inversion.step();
            }
            var products = inversion.finish();
            assertThat(inversion.measures().get("deviation")).isLessThanOrEqualTo(MOST_DEVIATIONS + 1e-3);
            return products.stream().filter(product -> product.name().equals(Source.Result.LATENT)).findFirst()
                    .orElseThrow().bytes();
        }
    }

    private static Reading read(byte[] png) {
        return judge.read(image(Picture.read(png))).getFirst();
    }

    private static NDArray image(Picture picture) {
        var rgb = picture.rgb();
        int pixels = picture.width() * picture.height();
        var values = new float[rgb.length];
        for (int at = 0; at < rgb.length; at++) {
            values[at % 3 * pixels + at / 3] = Byte.toUnsignedInt(rgb[at]) / 127.5f - 1;
        }
        return HostArrays.of(manager, values, new Shape(1, 3, picture.height(), picture.width()));
    }

    private static double reached(Wish wish, List<Edited> faces) {
        var open = faces.stream().filter(face -> judge.isOpen(wish, face.before)).toList();
        assertThat(open).hasSizeGreaterThanOrEqualTo(FACES / 3);
        return (double) open.stream().filter(face -> judge.judge(wish, face.before, face.after).reached()).count()
                / open.size();
    }

    @Test
    void hairTurnsPinkWhereThePromptSaysSoAndNotElsewhere() {
        assertThat(reached(pink, pinkFaces)).isGreaterThanOrEqualTo(0.5);
        assertThat(reached(pink, edit(train(CONTROL)))).isLessThanOrEqualTo(0.15);
    }

    /**
     * Where mappers are told to fail: projected latents lie where the mapper saw none. Bounded to where faces are, they
     * follow it where the face itself does, and the rest of the face stays.
     */
    @Test
    void aProjectedPictureFollowsTheMapperToo() {
        var seeds = IntStream.range(0, FACES).filter(i -> judge.isOpen(pink, pinkFaces.get(i).before) && judge.judge(
                pink, pinkFaces.get(i).before, pinkFaces.get(i).after).reached()).limit(PROJECTED).toArray();
        var inputs = new FakeInputs();
        var sources = IntStream.of(seeds).mapToObj(i -> projected(i + 1L)).peek(inputs::with).map(
                latent -> "{\"latent\": \"%s\"}".formatted(Digest.of(latent))).toList();

        var faces = edit(pinkMapper, sources, inputs);
        assertThat(faces).hasSize(PROJECTED).allSatisfy(face -> {
            assertThat(judge.isOpen(pink, face.before)).as("not pink before").isTrue();
            var verdict = judge.judge(pink, face.before, face.after);
            assertThat(verdict.kept()).as("kept, changed are %s", verdict.changed()).isGreaterThanOrEqualTo(0.6);
        });
        assertThat(faces).as(
                "a projection is no exact copy; the reader may call a face red that was on the edge of pink")
                .anySatisfy(face -> assertThat(judge.judge(pink, face.before, face.after).reached()).isTrue());
    }
}
