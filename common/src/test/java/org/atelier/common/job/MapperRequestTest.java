package org.atelier.common.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.MapperTrainRequest.Delta;
import org.atelier.common.job.MapperTrainRequest.Kind;
import org.atelier.common.job.MapperTrainRequest.Level;
import org.atelier.common.job.MapperTrainRequest.Optimizer;
import org.atelier.common.job.MapperTrainRequest.Plateau;
import org.atelier.common.job.MapperTrainRequest.Validation;
import org.atelier.common.json.Json;
import org.atelier.common.request.SubmissionReader;
import org.junit.jupiter.api.Test;

class MapperRequestTest {
    private static final Digest FILE = new Digest("ab".repeat(32));

    private static JobRequest read(String request) {
        return new SubmissionReader().read(("{\"request\": " + request + "}").getBytes()).submission().request();
    }

    @Test
    void theDefaultsOfTrainingAreThePublishedOnes() {
        assertThat(read("""
                {"type": "mapper-train", "bundle": "b", "prompt": "a big smile"}"""))
                .isEqualTo(new MapperTrainRequest("b", null, "a big smile", "a person", Kind.LEVELS, List.of(), 0.1,
                        null, new TrainingSet.Sampled(1_000_000L, null, new Truncation(0.7, null)), 2, 50_000, null,
                        Optimizer.RANGER, 0.5, null, 1.0, 0.0, 0.8, Reduction.MEAN, Delta.SCALED, 0.1, 0.0,
                        new Validation(200, 2_000), 0L, 100));
    }

    @Test
    void everyFieldOfTrainingCanBeSet() {
        assertThat(read(
                """
                        {"type": "mapper-train", "bundle": "b", "tuned": {"job": "nada-1"}, "prompt": "p", "neutral": "a dog",
                         "kind": "levels", "freeze": ["fine", "coarse"], "factor": 0.5, "max_delta": 5,
                         "latents": {"kind": "given", "sources": [{"seed": 1}, {"job": "invert-1"}], "truncation": {"psi": 0.5}},
                         "batch": 20, "epochs": 100, "optimizer": "adamw", "learning_rate": 0.2,
                         "plateau": {"factor": 0.5, "patience": 5, "watch": "validation"}, "clip_lambda": 0.5,
                         "directional_lambda": 0.25, "l2_lambda": 0.3, "l2_reduction": "norm", "l2_of": "raw", "id_lambda": 0.06,
                         "norm_lambda": 0.75, "validation": {"count": 1, "every": 10}, "seed": 3, "preview_every": 0}"""))
                .isEqualTo(new MapperTrainRequest("b", new Input.Result(new JobId("nada-1"), null), "p", "a dog",
                        Kind.LEVELS, List.of(Level.COARSE, Level.FINE), 0.5, 5.0, new TrainingSet.Given(List.of(
                                new Source.Seed(1), new Source.Result(new JobId("invert-1"), null)), Truncation.psi(
                                        0.5)), 20, null, 100, Optimizer.ADAMW, 0.2, new Plateau(0.5, 5,
                                                Plateau.Watched.VALIDATION), 0.5, 0.25, 0.3, Reduction.NORM, Delta.RAW,
                        0.06, 0.75, new Validation(1, 10), 3L, 0));
    }

    @Test
    void aPlateauIsTheCourseReports() {
        assertThat(read("""
                {"type": "mapper-train", "bundle": "b", "prompt": "p", "plateau": {}}"""))
                .isInstanceOfSatisfying(MapperTrainRequest.class, request -> assertThat(request.plateau()).isEqualTo(
                        new Plateau(0.2, 10, Plateau.Watched.TRAINING)));
    }

    @Test
    void trainingWaitsForTheJobsThatItReads() {
        var request = read("""
                {"type": "mapper-train", "bundle": "b", "prompt": "p", "tuned": {"job": "nada-1"},
                 "latents": {"kind": "stored", "file": {"job": "invert-1", "artifact": "latents.safetensors"}}}""");

        assertThat(request.parents()).containsExactly(new JobId("invert-1"), new JobId("nada-1"));
    }

    @Test
    void aMapperIsAppliedAsItWasTrained() {
        assertThat(read("""
                {"type": "mapper-apply", "bundle": "b", "mapper": {"blob": "%s"}, "sources": [{"seed": 1}]}"""
                .formatted(
                        FILE)))
                .isEqualTo(new MapperApplyRequest("b", null, new Input.Blob(FILE), List.of(new Source.Seed(1)), List.of(
                        1.0), null, Truncation.NONE, Noise.CONST));
    }

    @Test
    void everyFieldOfApplicationCanBeSet() {
        var request = read("""
                {"type": "mapper-apply", "bundle": "b", "tuned": {"job": "nada-1"}, "mapper": {"job": "train-1"},
                 "sources": [{"seed": 1}, {"job": "invert-1"}], "strengths": [-1, 0.5], "factor": 1,
                 "truncation": {"psi": 0.7}, "noise": {"mode": "none"}}""");

        assertThat(request).isEqualTo(new MapperApplyRequest("b", new Input.Result(new JobId("nada-1"), null),
                new Input.Result(new JobId("train-1"), null), List.of(new Source.Seed(1), new Source.Result(new JobId(
                        "invert-1"), null)), List.of(-1.0, 0.5), 1.0, Truncation.psi(0.7), new Noise(Noise.Mode.NONE,
                                0L)));
        assertThat(request.parents()).containsExactly(new JobId("invert-1"), new JobId("train-1"), new JobId("nada-1"));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var request = read("""
                {"type": "mapper-train", "bundle": "b", "prompt": "p", "max_delta": 5, "plateau": {},
                 "latents": {"kind": "sampled", "first_seed": 5, "count": 100}}""");

        assertThat(read(Json.text(request))).isEqualTo(request);
    }
}
