package org.atelier.common.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.trace.TraceContext;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
    private static final JobId JOB = new JobId("job-1");
    private static final AttemptId ATTEMPT = new AttemptId(RunId.first(new JobId("job-2")), 3);

    private static List<String> said() {
        return List.of(String.valueOf(MDC.get(LogContext.JOB)), String.valueOf(MDC.get(LogContext.ATTEMPT)));
    }

    @Test
    void whatWasSaidBeforeHoldsAgain() {
        LogContext.run(JOB, () -> {
            assertThat(LogContext.call(ATTEMPT, LogContextTest::said)).containsExactly("job-2", "job-2/1/3");
            assertThat(said()).containsExactly("job-1", "null");
        });
        assertThat(said()).containsExactly("null", "null");
    }

    @Test
    void aSpanIsSaidWhereThereIsOne() {
        var trace = TraceContext.of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true).orElseThrow();

        assertThat(LogContext.call(ATTEMPT, trace, MDC::getCopyOfContextMap)).containsExactlyInAnyOrderEntriesOf(Map.of(
                "job", "job-2", "attempt", "job-2/1/3", "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736", "span_id",
                "00f067aa0ba902b7"));
        assertThat(LogContext.call(JOB, null, MDC::getCopyOfContextMap)).containsExactly(Map.entry("job", "job-1"));
    }

    @Test
    void alsoAfterAFailure() {
        assertThatThrownBy(() -> LogContext.run(JOB, () -> {
            throw new IllegalStateException("on purpose");
        })).hasMessage("on purpose");
        assertThat(said()).containsExactly("null", "null");
    }
}
