package org.atelier.dispatcher.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

import org.atelier.common.config.Configuration;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private final RetrySchedule schedule = WebhookSettings.of(Configuration.read(WebhookSettings.LIST, Map.of()))
            .retries();

    @Test
    void triesForAboutThreeDaysAndThenNoMore() {
        var total = Duration.ZERO;
        int attempts = 1;
        for (var wait = schedule.after(attempts, "id"); wait.isPresent(); wait = schedule.after(attempts, "id")) {
            total = total.plus(wait.get());
            attempts++;
        }

        assertThat(attempts).isEqualTo(10);
        assertThat(total).isBetween(Duration.ofDays(3), Duration.ofDays(4));
    }

    @Test
    void whatFailedTogetherDoesNotComeBackTogether() {
        var first = schedule.after(2, "job-1/1").orElseThrow();

        assertThat(first).isBetween(Duration.ofMinutes(5), Duration.ofSeconds(330)).isEqualTo(schedule.after(2,
                "job-1/1").orElseThrow()).isNotEqualTo(schedule.after(2, "job-2/1").orElseThrow());
    }
}
