package org.atelier.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.InvertRequest.Method;
import org.atelier.common.job.InvertRequest.Space;
import org.atelier.common.job.InvertRequest.Tuning;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.SubmissionReader;
import org.junit.jupiter.api.Test;

class InvertRequestTest {
    private static final Digest IMAGE = new Digest("ab".repeat(32));

    private static JobRequest read(String request) {
        return new SubmissionReader().read(("{\"request\": " + request.replace("IMAGE", "\"" + IMAGE + "\"") + "}")
                .getBytes()).submission().request();
    }

    @Test
    void theDefaultsAreThePublishedOnes() {
        assertThat(read("""
                {"type": "invert", "bundle": "b", "source": {"image": IMAGE, "aligned": true}}"""))
                .isEqualTo(new InvertRequest("b", Source.Image.aligned(IMAGE), Method.PROJECTOR, Space.W, 1000, 0.1,
                        0.05, 0.25, 10_000, 0L, 0.05, 0.75, 1e5, true, 0.0, 5, null, new Tuning(350, 3e-4, 1.0, 1.0,
                                0.06), 50, null));
        assertThat(read("""
                {"type": "invert", "bundle": "b", "source": {"image": IMAGE, "aligned": true}, "method": "pti"}"""))
                .isInstanceOfSatisfying(InvertRequest.class, request -> {
                    assertThat(request.steps()).isEqualTo(450);
                    assertThat(request.learningRate()).isEqualTo(0.01);
                });
    }

    @Test
    void everyFieldCanBeSet() {
        var points = String.join(",", Collections.nCopies(68, "[1, 2.5]"));
        assertThat(read("""
                {"type": "invert", "bundle": "b", "source": {"image": IMAGE, "landmarks": [POINTS],
                 "placement": "photo"},
                 "method": "encoder+projector", "space": "w+", "steps": 10, "learning_rate": 0.2, "rampup": 0.1,
                 "rampdown": 0.5, "samples": 600, "seed": 3, "noise_factor": 0, "noise_ramp": 0.5,
                 "noise_regularization": 10, "optimize_noise": false, "l2_lambda": 0.5, "iterations": 3,
                 "max_deviation": 1.5, "tuning": {"steps": 5, "learning_rate": 0.001, "l2_lambda": 2,
                 "perceptual_lambda": 3, "stop_at": 0.1}, "preview_every": 0, "tuned": {"job": "nada-1"}}""".replace(
                "POINTS", points)))
                .isEqualTo(new InvertRequest("b", new Source.Image(IMAGE, Collections.nCopies(68, List.of(1.0, 2.5)),
                        null, Source.Image.Placement.PHOTO), Method.ENCODER_PROJECTOR, Space.W_PLUS, 10, 0.2, 0.1, 0.5,
                        600, 3L, 0.0, 0.5, 10.0,
                        false, 0.5, 3, 1.5, new Tuning(5, 0.001, 2.0, 3.0, 0.1), 0, new Input.Result(new JobId(
                                "nada-1"), null)));
    }

    @Test
    void landmarksAreFivePointsAtLeast() {
        assertThatThrownBy(() -> read("""
                {"type": "invert", "bundle": "b", "source": {"image": IMAGE, "landmarks": [[1, 2]]}}"""))
                .isInstanceOf(InvalidSubmissionException.class);
        assertThatThrownBy(() -> read("""
                {"type": "invert", "bundle": "b", "source": {"seed": 1}}"""))
                .isInstanceOf(InvalidSubmissionException.class);
    }
}
