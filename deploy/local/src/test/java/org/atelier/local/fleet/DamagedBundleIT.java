package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A flipped bit in a bundle's weights: no picture is made of it, the reason names the file, and a repair is enough. */
@Tag("chaos")
class DamagedBundleIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String WEIGHTS = StoreKeys.bundleFile("avatar-128", "3", "generator.safetensors");

    private static JobView ended(DispatcherClient client, JobId job, int run) {
        return await().atMost(LONG).pollInterval(POLL).until(() -> Json.read(client.job(job), JobView.class),
                view -> view.run() == run && view.state().terminal());
    }

    @Test
    void nothingIsComputedFromDamagedWeights() throws InterruptedException {
        var installation = Installation.ofThisProcess();
        try (var fleet = LocalFleet.openTemporary(installation, FleetOptions.DEFAULT)) {
            fleet.start(installation.home().resolve("models/avatar-128"));
            try (var store = new S3ObjectStore(fleet.store().settings(), Duration.ofSeconds(10));
                    var client = new DispatcherClient(fleet.dispatcher().url())) {
                var sound = store.get(WEIGHTS).orElseThrow();
                var damaged = sound.clone();
                damaged[damaged.length / 2] ^= 1;
                store.put(WEIGHTS, damaged, "application/octet-stream");
                fleet.addWorker("worker-1").service().start();

                var job = new JobId(client.submit(Json.tree(Map.of("request", Map.of("type", "generate", "bundle",
                        "avatar-128", "sources", List.of(Map.of("seed", 3))))), Optional.empty()).path("id").asText());
                var failed = ended(client, job, 1);
                assertThat(failed.state()).isEqualTo(JobState.FAILED);
                assertThat(failed.failure().category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE);
                assertThat(failed.failure().message()).contains("generator.safetensors", Digest.of(damaged).toString());
                assertThat(failed.artifacts()).isEmpty();

                store.put(WEIGHTS, sound, "application/octet-stream");
                client.replay(Json.tree(Map.of("jobs", List.of(job))));
                assertThat(ended(client, job, 2).state()).isEqualTo(JobState.SUCCEEDED);
            }
        }
    }
}
