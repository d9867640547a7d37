package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.job.JobType;
import org.junit.jupiter.api.Test;

class ScheduleSettingsTest {
    @Test
    void defaults() {
        var settings = ScheduleSettings.of(Configuration.read(ScheduleSettings.LIST, Map.of()));

        assertThat(settings.pools().names()).containsExactly("edit");
        assertThat(settings.pools().types()).containsExactlyInAnyOrderElementsOf(JobType.ofWorkers());
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.silence()).isEqualTo(Duration.ofSeconds(6));
        assertThat(settings.retryPolicy()).isEqualTo(new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofMinutes(5),
                5));
        assertThat(settings.workerTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.unclaimedTimeout()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void everySettingArrives() {
        var settings = ScheduleSettings.of(Configuration.read(ScheduleSettings.LIST, Map.of(
                "ATELIER_POOLS", "all=optimize,generate",
                "ATELIER_MAX_ATTEMPTS", "7",
                "ATELIER_FREE_PREEMPTIONS", "0",
                "ATELIER_HEARTBEAT_INTERVAL", "500ms",
                "ATELIER_RETRY_BACKOFF", "1s",
                "ATELIER_RETRY_BACKOFF_MAX", "2m",
                "ATELIER_WORKER_TIMEOUT", "9s",
                "ATELIER_UNCLAIMED_TIMEOUT", "11s")));

        assertThat(settings.pools()).hasToString("all=optimize,generate");
        assertThat(settings.silence()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(settings.retryPolicy()).isEqualTo(new RetryPolicy(7, Duration.ofSeconds(1), Duration.ofMinutes(2),
                0));
        assertThat(settings.workerTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(settings.unclaimedTimeout()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void saysEverythingThatIsWrong() {
        assertThatThrownBy(() -> Configuration.read(ScheduleSettings.LIST, Map.of("ATELIER_MAX_ATTEMPTS", "0",
                "ATELIER_HEARTBEAT_INTERVAL", "0s", "ATELIER_POOLS", "edit"))).isInstanceOf(
                        InvalidSettingException.class)
                .hasMessageContaining("ATELIER_MAX_ATTEMPTS")
                .hasMessageContaining("ATELIER_HEARTBEAT_INTERVAL")
                .hasMessageContaining("ATELIER_POOLS");
    }
}
