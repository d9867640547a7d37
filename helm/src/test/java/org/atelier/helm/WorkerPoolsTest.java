package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pools of workers as they are scaled. */
class WorkerPoolsTest {
    private static final Manifests GPU_FLEET = Chart.render(Chart.example("gpu-fleet.yaml"));
    private static final Manifests UNCHECKED = Chart.render(Combinations.unchecked());

    @Test
    void shortJobsAreScaledByWhatTheDispatcherCounts() {
        var scaled = GPU_FLEET.one("ScaledObject", "rel-worker-edit").path("spec");

        assertThat(scaled.at("/scaleTargetRef/name").asText()).isEqualTo(Manifests.name(GPU_FLEET.one("Deployment",
                "rel-worker-edit")));
        assertThat(scaled.at("/triggers/0/metadata/url").asText()).isEqualTo(
                "https://rel-dispatcher.fleet.svc:8080/v1/scaling/edit");
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

    /** The demand is told to those who may know it, and KEDA knows whom it asks. */
    @Test
    void kedaShowsItsTokenAndChecksTheCertificate() {
        var authentication = GPU_FLEET.one("TriggerAuthentication", "rel-keda").at("/spec/secretTargetRef");

        assertThat(GPU_FLEET.of("ScaledObject")).hasSize(1).allSatisfy(scaled -> assertThat(scaled.at(
                "/spec/triggers/0/metadata/authMode").asText()).isEqualTo("bearer"));
        assertThat(authentication.findValuesAsText("parameter")).containsExactly("token", "ca");
        assertThat(GPU_FLEET.findTexts("unsafeSsl")).isEmpty();
        assertThat(UNCHECKED.findTexts("unsafeSsl")).containsExactly("true");
        assertThat(UNCHECKED.findTexts("insecureSkipVerify")).containsExactly("true");
    }

    @Test
    void theDispatcherHasItsCertificateAndIsAskedByHttps() {
        var pod = GPU_FLEET.one("Deployment", "rel-dispatcher").at("/spec/template/spec");
        var container = pod.at("/containers/0");

        assertThat(Environment.plain(container)).containsEntry("ATELIER_TLS_CERTIFICATE", "/etc/atelier/tls/tls.crt")
                .containsEntry("ATELIER_TLS_KEY", "/etc/atelier/tls/tls.key");
        assertThat(pod.at("/volumes").findValuesAsText("secretName")).contains("atelier-tls");
        assertThat(container.findValuesAsText("scheme")).containsExactly("HTTPS", "HTTPS", "HTTPS");
        assertThat(GPU_FLEET.one("PodMonitor", "rel-dispatcher").at("/spec/podMetricsEndpoints/0/scheme").asText())
                .isEqualTo("https");
        assertThat(Chart.render(Combinations.existing()).one("Deployment", "rel-dispatcher").findValuesAsText("scheme"))
                .containsOnly("HTTP");
    }

    /** Whoever leads and whoever follows are better not lost together. */
    @Test
    void dispatchersStandOnDifferentNodes() {
        assertThat(GPU_FLEET.one("Deployment", "rel-dispatcher").at(
                "/spec/template/spec/topologySpreadConstraints/0/topologyKey").asText()).isEqualTo(
                        "kubernetes.io/hostname");
    }

    /** Who says that it is busy may say so, knows its pod, and reaches the API server; nobody else has a token. */
    @Test
    void busyWorkersSayItWhereTheyMay() {
        var pod = GPU_FLEET.one("Deployment", "rel-worker-edit").at("/spec/template/spec");

        assertThat(Environment.plain(pod.at("/containers/0"))).containsEntry("ATELIER_POD_DELETION_COST", "true");
        assertThat(Environment.names(pod.at("/containers/0"))).contains("ATELIER_POD_NAME");
        assertThat(pod.at("/automountServiceAccountToken").asBoolean()).isTrue();
        assertThat(GPU_FLEET.of("RoleBinding")).hasSize(1);
        assertThat(UNCHECKED.of("RoleBinding")).isEmpty();
        assertThat(UNCHECKED.pods()).isNotEmpty().allSatisfy(other -> assertThat(other.at(
                "/spec/automountServiceAccountToken").asBoolean(true)).isFalse());
    }

    @Test
    void webhooksMayLeaveWhereTheyAreWanted() {
        assertThat(UNCHECKED.one("NetworkPolicy", "rel-dispatcher").at("/spec/egress/1/ports").findValuesAsText("port"))
                .as("Kafka, store, webhooks, issuer").containsExactly("9092", "9000", "443", "8080", "8443");
        assertThat(UNCHECKED.one("NetworkPolicy", "rel-worker").at("/spec/egress/1/ports").findValuesAsText("port"))
                .containsExactly("9092", "9000");
        assertThat(Environment.plain(UNCHECKED.one("Deployment", "rel-dispatcher").at(
                "/spec/template/spec/containers/0"))).containsEntry("ATELIER_WEBHOOK_NETWORKS",
                        "10.20.0.0/16,fd00::/8").containsEntry("ATELIER_WEBHOOK_HTTP", "true");
    }

    /** Client properties may name further files of the same secret: authorities, certificates, keys. */
    @Test
    void allOfKafkasSecretIsThere() {
        assertThat(GPU_FLEET.pods()).isNotEmpty().allSatisfy(pod -> {
            var volume = Manifests.elements(pod.at("/spec/volumes")).filter(one -> one.path("name").asText().equals(
                    "kafka")).findFirst().orElseThrow();
            assertThat(volume.at("/secret/secretName").asText()).isEqualTo("atelier-kafka");
            assertThat(volume.path("secret").has("items")).isFalse();
        });
    }

    /** A pool's user is allowed to read that pool's work, so that each part may have its own. */
    @Test
    void everyPartMayHaveAUserOfItsOwnInKafka() {
        var manifests = Chart.render(Combinations.all().get("users in Kafka"));

        assertThat(manifests.pods()).isNotEmpty().allSatisfy(pod -> assertThat(Manifests.elements(pod.at(
                "/spec/volumes")).filter(volume -> volume.path("name").asText().equals("kafka")).map(volume -> volume
                        .at(
                                "/secret/secretName").asText())).containsExactly(pod.at("/spec/containers/0/name")
                                        .asText()
                                        .equals("dispatcher") ? "kafka-dispatcher" : "kafka-worker"));
    }

    /** Every path that is forwarded leads somewhere, and what is for those inside stays there. */
    @Test
    void ingressForwardsWhatCallersNeed() {
        var api = Manifests.document(Chart.read(
                "dispatcher/src/main/resources/org/atelier/dispatcher/http/openapi.json")).path("paths");
        var forwarded = GPU_FLEET.of("HTTPRoute").getFirst().findValuesAsText("value");

        assertThat(forwarded).isNotEmpty().allMatch(api::has).contains("/v1/jobs", "/v1/jobs:bulk", "/v1/uploads")
                .noneMatch(path -> "/metrics".startsWith(path) || "/v1/scaling/edit".startsWith(path));
    }

    @Test
    void networkPoliciesLetThroughWhatIsNamed() {
        assertThat(GPU_FLEET.one("NetworkPolicy", "rel-dispatcher").at("/spec/egress/1/ports").findValuesAsText("port"))
                .containsExactly("9093", "443", "5432");
        assertThat(GPU_FLEET.one("NetworkPolicy", "rel-worker").at("/spec/egress/1/ports").findValuesAsText("port"))
                .as("with the API server's, for deletion costs").containsExactly("9093", "443", "6443");
    }
}
