package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
    private final RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(5), Duration.ofMinutes(1), 3);

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 10", "3, 20", "4, 40", "5, 60", "9, 60"})
    void theBackOffDoublesUpToItsMaximum(int counted, int seconds) {
        assertThat(policy.judge(JobFailure.of(ErrorCategory.INTERNAL, "x"), counted, 0))
                .isEqualTo(new RetryPolicy.Verdict.Retry(Duration.ofSeconds(seconds)));
    }

    @Test
    void aLostOrPreemptedWorkerIsReplacedAtOnce() {
        assertThat(policy.judge(JobFailure.of(ErrorCategory.TIMEOUT, "x"), 4, 0))
                .isEqualTo(new RetryPolicy.Verdict.Retry(Duration.ZERO));
        assertThat(policy.judge(JobFailure.of(ErrorCategory.PREEMPTED, "x"), 0, 3))
                .isEqualTo(new RetryPolicy.Verdict.Retry(Duration.ZERO));
    }

    @Test
    void theLastAttemptIsTheLast() {
        assertThat(policy.judge(JobFailure.of(ErrorCategory.INTERNAL, "x"), 10, 0))
                .isEqualTo(new RetryPolicy.Verdict.GiveUp());
    }

    @Test
    void theFailureItselfMaySayThatARetryIsNoUse() {
        assertThat(policy.judge(new JobFailure(ErrorCategory.INTERNAL, false, "x", null), 1, 0))
                .isEqualTo(new RetryPolicy.Verdict.GiveUp());
    }

    @ParameterizedTest
    @CsvSource({"4, 5", "5, 10", "6, 20"})
    void preemptionsThatTheRunDoesNotSurviveCountInTheEnd(int fruitless, int seconds) {
        assertThat(policy.judge(JobFailure.of(ErrorCategory.PREEMPTED, "x"), 0, fruitless))
                .isEqualTo(new RetryPolicy.Verdict.Retry(Duration.ofSeconds(seconds)));
        assertThat(policy.judge(JobFailure.of(ErrorCategory.PREEMPTED, "x"), 13 - fruitless, fruitless))
                .isEqualTo(new RetryPolicy.Verdict.GiveUp());
    }

    @ParameterizedTest
    @EnumSource(ErrorCategory.class)
    void everyCategoryHasAnAnswer(ErrorCategory category) {
        var verdict = policy.judge(JobFailure.of(category, "x"), 1, 0);

        assertThat(verdict instanceof RetryPolicy.Verdict.Retry).isEqualTo(category.retryable());
    }
}
