package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pools of workers as they are scaled. */
class WorkerPoolsTest {
    private static final Manifests GPU_FLEET = Chart.render(Chart.example("gpu-fleet.yaml"));

    @Test
    void shortJobsAreScaledByWhatTheDispatcherCounts() {
        var scaled = GPU_FLEET.one("ScaledObject", "rel-worker-edit").path("spec");

        assertThat(scaled.at("/scaleTargetRef/name").asText()).isEqualTo(Manifests.name(GPU_FLEET.one("Deployment",
                "rel-worker-edit")));
        assertThat(scaled.at("/triggers/0/metadata/url").asText()).isEqualTo(
                "http://rel-dispatcher.fleet.svc:8080/v1/scaling/edit");
        assertThat(scaled.at("/minReplicaCount").asInt()).isZero();
        assertThat(scaled.at("/fallback/behavior").asText()).isEqualTo("currentReplicasIfHigher");
        assertThat(scaled.at("/triggers/0/authenticationRef/name").asText()).isEqualTo(Manifests.name(GPU_FLEET.one(
                "TriggerAuthentication", "rel-keda")));
        // Whoever scales a Deployment is the only one that says how many.
        assertThat(GPU_FLEET.one("Deployment", "rel-worker-edit").at("/spec").has("replicas")).isFalse();
    }

    @Test
    void longJobsAreJobsThatNoChangeKills() {
        var scaled = GPU_FLEET.one("ScaledJob", "rel-worker-train").path("spec");

        assertThat(scaled.at("/rollout/strategy").asText()).isEqualTo("gradual");
        assertThat(scaled.at("/jobTargetRef/backoffLimit").asInt(-1)).isZero();
        var pod = scaled.at("/jobTargetRef/template");
        assertThat(pod.at("/spec/restartPolicy").asText()).isEqualTo("Never");
        assertThat(pod.at("/metadata/annotations/karpenter.sh~1do-not-disrupt").asText()).isEqualTo("true");
        assertThat(Environment.plain(pod.at("/spec/containers/0"))).containsEntry("ATELIER_EXIT_WHEN_IDLE", "120s")
                .containsEntry("ATELIER_POOL", "train").containsEntry("ATELIER_GRACE_PERIOD", "110s");
        assertThat(pod.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(120);
    }

    @Test
    void gpuPoolsHaveTheImageTheDeviceTheNodesAndTheClass() {
        assertThat(Environment.ofAtelier(GPU_FLEET)).filteredOn(container -> container.path("name").asText().equals(
                "worker")).hasSize(2).allSatisfy(container -> {
                    assertThat(container.path("image").asText()).isEqualTo(
                            "registry.example.com/atelier/worker:0.1.0-cuda");
                    assertThat(container.at("/resources/limits/nvidia.com~1gpu").asInt()).isEqualTo(1);
                    assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("16Gi");
                    assertThat(Environment.plain(container)).containsEntry("ATELIER_DEVICE", "cuda");
                });
        var pod = GPU_FLEET.one("Deployment", "rel-worker-edit").at("/spec/template/spec");
        assertThat(pod.at("/nodeSelector/nvidia.com~1gpu.present").asText()).isEqualTo("true");
        assertThat(pod.at("/tolerations/0/key").asText()).isEqualTo("nvidia.com/gpu");
        assertThat(pod.at("/runtimeClassName").asText()).isEqualTo("nvidia");
        assertThat(GPU_FLEET.one("PriorityClass", pod.at("/priorityClassName").asText()).path("value").asInt())
                .isEqualTo(
                        1000);
    }

    @Test
    void aFixedPoolOfCpusNeedsNothingOfKeda() {
        var manifests = Chart.render(Combinations.existing());

        assertThat(manifests.all()).noneMatch(object -> object.path("apiVersion").asText().startsWith("keda"));
        assertThat(manifests.one("Deployment", "rel-worker-edit").at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(manifests.one("Deployment", "rel-dispatcher").at("/spec/strategy/type").asText()).isEqualTo(
                "Recreate");
    }

    @Test
    void aSecondDispatcherStartsBeforeTheFirstLeaves() {
        var deployment = GPU_FLEET.one("Deployment", "rel-dispatcher").path("spec");

        assertThat(deployment.at("/replicas").asInt()).isEqualTo(2);
        assertThat(deployment.at("/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
        assertThat(deployment.at("/template/spec/containers/0/lifecycle/preStop/sleep/seconds").asInt()).isPositive();
    }

    @Test
    void networkPoliciesLetThroughWhatIsNamed() {
        assertThat(GPU_FLEET.one("NetworkPolicy", "rel-dispatcher").at("/spec/egress/1/ports").findValuesAsText("port"))
                .containsExactly("9093", "443", "5432");
        assertThat(GPU_FLEET.one("NetworkPolicy", "rel-worker").at("/spec/egress/1/ports").findValuesAsText("port"))
                .containsExactly("9093", "443");
    }
}
