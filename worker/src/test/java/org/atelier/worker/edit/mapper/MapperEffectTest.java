package org.atelier.worker.edit.mapper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.request.SubmissionReader;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.quality.Judge;
import org.atelier.worker.quality.Reading;
import org.atelier.worker.quality.Wish;
import org.atelier.worker.quality.WishList;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A short training does to faces that it has not seen what its words say: a reader that is in no loss judges. */
class MapperEffectTest {
    private static final String PINK = "a person with pink hair";
    private static final String CONTROL = "a person wearing overalls";
    private static final int FACES = 12;

    private static BundleNetworks networks;
    private static NDManager manager;
    private static Judge judge;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        manager = TestEngine.get().newManager();
        judge = Judge.of(networks, WishList.of("avatar-128").orElseThrow());
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
        var seeds = LongStream.rangeClosed(1, FACES).mapToObj("{\"seed\": %d}"::formatted).toList();
        var request = (MapperApplyRequest) new SubmissionReader().read(
                """
                        {"request": {"type": "mapper-apply", "bundle": "avatar-128", "mapper": {"blob": "%s"}, "sources": %s}}"""
                        .formatted(Digest.of(mapper), seeds).getBytes()).submission().request();
        var edited = new ArrayList<Edited>();
        try (var application = new MapperApplication(request, networks, new FakeInputs().with(mapper))) {
            while (!application.isDone()) {
                var products = application.step().products();
                edited.add(new Edited(read(products.get(0).bytes()), read(products.get(1).bytes())));
            }
        }
        return edited;
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
        var pink = judge.list().wishes().stream().filter(wish -> wish.prompt().equals(PINK)).findFirst().orElseThrow();

        assertThat(reached(pink, edit(train(PINK)))).isGreaterThanOrEqualTo(0.5);
        assertThat(reached(pink, edit(train(CONTROL)))).isLessThanOrEqualTo(0.15);
    }
}
