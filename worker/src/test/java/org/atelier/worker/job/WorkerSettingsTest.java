package org.atelier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults and full mapping: a default cannot drift unnoticed. */
class WorkerSettingsTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "ATELIER_KAFKA_BOOTSTRAP", "kafka:9092",
            "ATELIER_STORE_ENDPOINT", "http://store:9000",
            "ATELIER_STORE_ACCESS_KEY", "access",
            "ATELIER_STORE_SECRET_KEY", "secret");

    private static WorkerSettings read(Map<String, String> given) {
        var environment = new HashMap<>(REQUIRED);
        environment.putAll(given);
        return WorkerSettings.of(Configuration.read(WorkerSettings.PROCESS, environment), "made-up");
    }

    @Test
    void defaults() {
        assertThat(read(Map.of())).isEqualTo(new WorkerSettings("edit", 1, "made-up",
                Path.of(System.getProperty("java.io.tmpdir"), "atelier-cache"), 50_000_000_000L, Duration.ofSeconds(2),
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(25),
                Optional.empty(), "127.0.0.1", 8090));
    }

    private static Optional<Long> memory(String gigabytes) {
        var environment = new HashMap<>(REQUIRED);
        environment.put("ATELIER_DEVICE_MEMORY", gigabytes);
        return Configuration.read(WorkerSettings.PROCESS, environment).find(WorkerSettings.DEVICE_MEMORY);
    }

    @Test
    void deviceMemoryIsInGigabytes() {
        assertThat(memory("24")).contains(24_000_000_000L);
        assertThat(memory("1.5")).contains(1_500_000_000L);
        assertThat(memory("")).isEmpty();
        for (var wrong : List.of("0", "-1", "24GB", "much", "NaN")) {
            assertThatThrownBy(() -> memory(wrong)).isInstanceOf(InvalidSettingException.class).hasMessageContaining(
                    "ATELIER_DEVICE_MEMORY");
        }
    }

    @Test
    void fullMapping() {
        assertThat(read(Map.ofEntries(
                Map.entry("ATELIER_POOL", "train"),
                Map.entry("ATELIER_SLOTS", "2"),
                Map.entry("ATELIER_WORKER_NAME", "worker-7"),
                Map.entry("ATELIER_CACHE_DIR", "/var/cache/atelier"), Map.entry("ATELIER_CACHE_SIZE", "7"),
                Map.entry("ATELIER_HEARTBEAT_INTERVAL", "1s"),
                Map.entry("ATELIER_RENEW_INTERVAL", "3s"),
                Map.entry("ATELIER_CHECKPOINT_INTERVAL", "5m"),
                Map.entry("ATELIER_PRESENCE_INTERVAL", "4s"),
                Map.entry("ATELIER_GRACE_PERIOD", "2m"),
                Map.entry("ATELIER_EXIT_WHEN_IDLE", "10m"),
                Map.entry("ATELIER_HEALTH_HOST", "0.0.0.0"),
                Map.entry("ATELIER_HEALTH_PORT", "0"))))
                .isEqualTo(new WorkerSettings("train", 2, "worker-7", Path.of("/var/cache/atelier"), 7_000_000_000L,
                        Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(5), Duration.ofSeconds(4),
                        Duration.ofMinutes(2), Optional.of(Duration.ofMinutes(10)), "0.0.0.0", 0));
    }

    @ParameterizedTest
    @CsvSource({
            "ATELIER_POOL, Edit Pool",
            "ATELIER_SLOTS, 0",
            "ATELIER_WORKER_NAME, a/b",
            "ATELIER_HEARTBEAT_INTERVAL, 0s",
            "ATELIER_RENEW_INTERVAL, 10",
            "ATELIER_GRACE_PERIOD, soon",
            "ATELIER_EXIT_WHEN_IDLE, 0s",
            "ATELIER_HEALTH_PORT, 70000"})
    void whatCannotBeIsRefusedByName(String key, String value) {
        assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> read(Map.of(key, value)))
                .withMessageContaining(key);
    }

    @Test
    void aMisspeltVariableIsNoticedAndTheEnginesAreNot() {
        var environment = new HashMap<>(REQUIRED);
        environment.put("ATELIER_SLOT", "2");
        environment.put("ATELIER_DEVICE", "cpu");

        assertThat(Configuration.read(WorkerSettings.PROCESS, environment).unknown()).contains("ATELIER_SLOT");
    }
}
