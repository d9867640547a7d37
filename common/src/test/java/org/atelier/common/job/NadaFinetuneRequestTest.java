package org.atelier.common.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.NadaFinetuneRequest.Export;
import org.atelier.common.job.NadaFinetuneRequest.Form;
import org.atelier.common.job.NadaFinetuneRequest.Freeze;
import org.atelier.common.job.NadaFinetuneRequest.Phase;
import org.atelier.common.job.NadaFinetuneRequest.RowMapping;
import org.atelier.common.job.NadaFinetuneRequest.Selection;
import org.atelier.common.request.SubmissionReader;
import org.junit.jupiter.api.Test;

class NadaFinetuneRequestTest {
    private static final Digest FILE = new Digest("ab".repeat(32));

    private static NadaFinetuneRequest read(String request) {
        return (NadaFinetuneRequest) new SubmissionReader().read(("{\"request\": " + request + "}").getBytes())
                .submission().request();
    }

    @Test
    void theDefaultsAreThePublishedOnes() {
        assertThat(read("""
                {"type": "nada-finetune", "bundle": "b", "target": "a sketch"}"""))
                .isEqualTo(new NadaFinetuneRequest("b", "photo", "a sketch", List.of(), Templates.IMAGENET, Map.of(
                        "clip", 1.0), 300, 2,
                        Form.DELTA, 0.002, 0.0,
                        0.99, 4, Phase.DEFAULT, null, Freeze.PUBLISHED, 1.0, 0.0, 0.0, 0.0, 0.0, Noise.Mode.RANDOM, 0.0,
                        null, 0.7, 16, 100, 2L, List.of()));
    }

    @Test
    void everyFieldCanBeSet() {
        assertThat(read(
                """
                        {"type": "nada-finetune", "bundle": "b", "source": "a person", "target": "a sketch",
                         "target_images": [{"job": "job-1"}, {"blob": "sha256:%s"}], "templates": "none",
                         "clips": {"vit-b16": 0.5, "clip": 1}, "iterations": 201, "batch": 4,
                         "form": "multipliers", "learning_rate": 0.05, "beta1": 0.1, "beta2": 0.2, "regularize_every": 16,
                         "phase": "shape_expanded", "selection": {"layers": 12, "iterations": 2, "batch": 4, "every": 0,
                         "mapping": "corrected"}, "freeze": "paper", "lambda_direction": 0.9, "lambda_global": 0.8,
                         "lambda_manifold": 0.7, "lambda_texture": 0.6, "mixing": 0.9, "noise": "const", "guard": 0.01,
                         "training_truncation": 0.7, "sample_truncation": 0.5, "samples": 9, "preview_every": 0, "seed": 7,
                         "export": ["rosinality", "safetensors"]}"""
                        .formatted("ab".repeat(32))))
                .isEqualTo(new NadaFinetuneRequest("b", "a person", "a sketch", List.of(new Input.Result(new JobId(
                        "job-1"), null), new Input.Blob(FILE)), Templates.NONE, Map.of("clip", 1.0, "vit-b16", 0.5),
                        201, 4, Form.MULTIPLIERS, 0.05, 0.1,
                        0.2, 16,
                        Phase.SHAPE_EXPANDED, new Selection(12, 2, 4, 0, RowMapping.CORRECTED), Freeze.PAPER, 0.9, 0.8,
                        0.7, 0.6, 0.9, Noise.Mode.CONST, 0.01, 0.7, 0.5, 9, 0, 7L, List.of(Export.ROSINALITY,
                                Export.SAFETENSORS)));
    }

    @Test
    void multipliersHaveTheSettingsOfTheirOwnPaper() {
        var request = read("""
                {"type": "nada-finetune", "bundle": "b", "target": "a sketch", "form": "multipliers"}""");
        assertThat(request.learningRate()).isEqualTo(0.1);
        assertThat(request.beta1()).isEqualTo(0.9);
        assertThat(request.beta2()).isEqualTo(0.999);
        assertThat(request.regularizeEvery()).isZero();
    }

    @Test
    void withoutRandomNoiseTheDifferenceIsGuarded() {
        assertThat(read("""
                {"type": "nada-finetune", "bundle": "b", "target": "a sketch", "noise": "none"}""").guard())
                .isEqualTo(0.02);
    }

    @Test
    void aSelectionIsThePublishedOne() {
        assertThat(read("""
                {"type": "nada-finetune", "bundle": "b", "target": "a sketch", "selection": {}}""").selection())
                .isEqualTo(new Selection(null, 1, 8, 1, RowMapping.PUBLISHED));
    }

    @Test
    void itWaitsForTheJobsThatMakeItsPictures() {
        assertThat(read("""
                {"type": "nada-finetune", "bundle": "b", "target_images": [{"job": "job-1"}]}""").parents())
                .containsExactly(new JobId("job-1"));
    }
}
