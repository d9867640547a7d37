package org.atelier.worker.job.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobType;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.Fleet;
import org.junit.jupiter.api.Test;

class RunnersTest {
    private final Runners runners = Runners.of(List.of(new ChainRunner()));

    @Test
    void knowsItsTypes() {
        assertThat(runners.types()).containsExactly(JobType.OPTIMIZE);
        assertThat(runners.usesGradients(Fleet.REQUEST)).isTrue();
    }

    @Test
    void refusesWhatHasNoRunnerAndWhatTheRunnerRefuses() {
        assertThat(runners.refusal(Fleet.REQUEST)).isEmpty();
        assertThat(runners.refusal(GenerateRequest.of("faces", List.of(new Source.Seed(1))))).get().asString()
                .contains("generate");
        assertThat(Runners.of(List.of(new ChainRunner().refuse("too big"))).refusal(Fleet.REQUEST)).contains("too big");
    }

    @Test
    void oneTypeHasOneRunner() {
        assertThatIllegalArgumentException().isThrownBy(
                () -> Runners.of(List.of(new ChainRunner(), new ChainRunner())));
    }

    @Test
    void aResultNamesEachArtifactOnce() {
        var artifact = new Artifact("a.png", Digest.of(new byte[0]), 0, Artifact.PNG);

        assertThatIllegalArgumentException().isThrownBy(
                () -> new JobResult(List.of(artifact, artifact), Json.tree(List.of()))).withMessageContaining("a.png");
    }
}
