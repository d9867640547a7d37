package org.atelier.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.atelier.common.artifact.Digest;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.SubmissionReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaRequestTest {
    private static JobRequest read(String request) {
        return new SubmissionReader().read(("{\"request\": " + request + "}").getBytes(StandardCharsets.UTF_8))
                .submission().request();
    }

    @Test
    void trainingHasTheMeasuredDefaults() {
        assertThat(read("""
                {"type": "delta-train", "bundle": "b"}""")).isEqualTo(new DeltaTrainRequest("b", 16_384, 0L, List.of(
                1024, 1024), 8.0, 3_000, 1_024, 1e-3, 0.01, List.of("a person", "someone", "a face")))
                .isEqualTo(DeltaTrainRequest.of("b"));
    }

    @Test
    void everyFieldOfTrainingCanBeSet() {
        assertThat(read("""
                {"type": "delta-train", "bundle": "b", "samples": 64, "seed": 3, "hidden": [16, 8, 16],
                 "embedding_scale": 4, "steps": 10, "batch": 32, "learning_rate": 0.01, "weight_decay": 0,
                 "neutral": ["a dog"]}""")).isEqualTo(new DeltaTrainRequest("b", 64, 3L, List.of(16, 8, 16), 4.0, 10,
                32, 0.01, 0.0, List.of("a dog")));
    }

    @Test
    void everyFieldOfUseCanBeSet() {
        var mapper = new Digest("ab".repeat(32));
        var request = read("""
                {"type": "delta-apply", "bundle": "b", "mapper": {"blob": "%s"}, "tuned": {"job": "nada-1"},
                 "sources": [{"seed": 1}, {"job": "invert-1"}], "prompts": ["p", "q"], "strengths": [0.5, -1],
                 "truncation": {"psi": 0.5}, "noise": {"mode": "none"}}""".formatted(mapper));

        assertThat(request).isEqualTo(new DeltaApplyRequest("b", new Input.Blob(mapper), new Input.Result(new JobId(
                "nada-1"), null), List.of(new Source.Seed(1), new Source.Result(new JobId("invert-1"), null)), List.of(
                        "p", "q"), List.of(0.5, -1.0), Truncation.psi(0.5), new Noise(Noise.Mode.NONE, null)));
        assertThat(request.parents()).containsExactly(new JobId("invert-1"), new JobId("nada-1"));
        assertThat(((DeltaApplyRequest) request).edits()).isEqualTo(8);
    }

    @Test
    void useIsAdaptiveByDefault() {
        assertThat(read("""
                {"type": "delta-apply", "bundle": "b", "sources": [{"seed": 1}], "prompts": ["p"]}"""))
                .isEqualTo(new DeltaApplyRequest("b", null, null, List.of(new Source.Seed(1)), List.of("p"), List.of(),
                        Truncation.psi(0.7), Noise.CONST))
                .extracting(JobRequest::parents).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"type\": \"delta-train\", \"bundle\": \"b\", \"samples\": 3}",
            "{\"type\": \"delta-train\", \"bundle\": \"b\", \"hidden\": []}",
            "{\"type\": \"delta-train\", \"bundle\": \"b\", \"neutral\": [\" \"]}",
            "{\"type\": \"delta-apply\", \"bundle\": \"b\", \"sources\": [{\"seed\": 1}]}",
            "{\"type\": \"delta-apply\", \"bundle\": \"b\", \"sources\": [], \"prompts\": [\"p\"]}",
            "{\"type\": \"delta-apply\", \"bundle\": \"b\", \"sources\": [{\"seed\": 1}], \"prompts\": [\"p\"], \"strengths\": [11]}"})
    void whatMakesNoSenseIsRefused(String request) {
        assertThatThrownBy(() -> read(request)).isInstanceOf(InvalidSubmissionException.class);
    }

    @Test
    void theBestModeHasDefaultsOfItsOwn() {
        var request = (OptimizeRequest) read("""
                {"type": "optimize", "bundle": "b", "source": {"seed": 1}, "prompt": "p", "mode": "best"}""");

        assertThat(request.steps()).isEqualTo(24);
        assertThat(request.learningRate()).isEqualTo(0.08);
        assertThat(request.gates()).isEqualTo(new OptimizeRequest.Gates(null, List.of(0.8, 1.0, 1.25, 1.6), 0.004,
                0.9));
    }

    @Test
    void theMapperOfGatesIsWaitedFor() {
        var request = (OptimizeRequest) read(
                """
                        {"type": "optimize", "bundle": "b", "source": {"job": "invert-1"}, "prompt": "p", "mode": "best", "steps": 7,
                         "learning_rate": 0.1, "gates": {"mapper": {"job": "train-1"}, "strengths": [1, 2], "penalty": 0.01}}""");

        assertThat(request.steps()).isEqualTo(7);
        assertThat(request.learningRate()).isEqualTo(0.1);
        assertThat(request.gates()).isEqualTo(new OptimizeRequest.Gates(new Input.Result(new JobId("train-1"), null),
                List.of(1.0, 2.0), 0.01, null));
        assertThat(request.parents()).containsExactly(new JobId("invert-1"), new JobId("train-1"));
    }
}
