package org.atelier.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;

import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    @Test
    void theSameKeyOfTheSameTenantIsTheSameJobInEveryVersion() {
        assertThat(JobId.ofKey("acme", "order-17")).isEqualTo(new JobId("55f0dcbd-3fbb-5e45-83de-23515667c7a1"))
                .isNotEqualTo(JobId.ofKey("acme", "order-18"))
                .isNotEqualTo(JobId.ofKey("acm", "eorder-17"));
    }

    @Test
    void newIdsAreAllDifferentAndSortByTime() {
        var ids = Stream.generate(JobId::random).limit(1_000).map(JobId::value).toList();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).extracting(id -> id.substring(0, 13)).as("milliseconds").isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "-abc", "ABC", "a/b", "../a", "a.b", "a b", "abc\n"})
    void whatCouldLeaveAKeyOrAUrlIsNoId(String text) {
        assertThatThrownBy(() -> new JobId(text)).hasMessageContaining("3 to 64 characters");
    }

    @Test
    void runsAndAttemptsAreWrittenAsPaths() {
        var attempt = new AttemptId(new RunId(new JobId("job-1"), 2), 3);

        assertThat(Json.text(attempt)).isEqualTo("\"job-1/2/3\"");
        assertThat(Json.read(Json.bytes(attempt), AttemptId.class)).isEqualTo(attempt);
        assertThat(RunId.parse("job-1/2")).isEqualTo(attempt.run());
        assertThatThrownBy(() -> RunId.parse("job-1")).hasMessageContaining("job/run");
        assertThatThrownBy(() -> RunId.parse("job-1/0")).hasMessageContaining("counted from 1");
        assertThatThrownBy(() -> AttemptId.parse("x")).hasMessageContaining("job/run/attempt");
    }
}
