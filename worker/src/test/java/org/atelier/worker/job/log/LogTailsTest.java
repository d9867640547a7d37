package org.atelier.worker.job.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.log.LogContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LogTailsTest {
    private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();
    private static final Logger log = LoggerFactory.getLogger(LogTailsTest.class);
    private static final AttemptId FIRST = new AttemptId(RunId.first(new JobId("job-1")), 1);
    private static final AttemptId OTHER = new AttemptId(RunId.first(new JobId("job-2")), 1);

    private final LogTails tails = new LogTails(List.of("hunter2"));

    /** Tests of the worker are silent: what is logged here goes nowhere else. */
    @BeforeEach
    void listen() {
        var logger = CONTEXT.getLogger(LogTailsTest.class);
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(tails);
        tails.setContext(CONTEXT);
        tails.start();
    }

    @AfterEach
    void leave() {
        var logger = CONTEXT.getLogger(LogTailsTest.class);
        logger.detachAppender(tails);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private static void within(AttemptId attempt, Runnable work) {
        MDC.put(LogContext.ATTEMPT, attempt.toString());
        try {
            work.run();
        } finally {
            MDC.remove(LogContext.ATTEMPT);
        }
    }

    @Test
    void keepsWhatIsLoggedWithinAnAttemptAndNothingElse() {
        log.warn("nobody's");
        within(FIRST, () -> log.warn("the first's"));
        within(OTHER, () -> log.warn("the other's"));

        assertThat(tails.fresh(FIRST)).hasValueSatisfying(text -> assertThat(text)
                .contains("WARN the first's").doesNotContain("nobody's", "the other's"));
        assertThat(tails.fresh(FIRST)).as("nothing is new").isEmpty();
    }

    @Test
    void whatIsNewComesWithWhatWasBefore() {
        within(FIRST, () -> log.warn("one"));
        assertThat(tails.fresh(FIRST)).isPresent();
        within(FIRST, () -> log.warn("two"));

        assertThat(tails.fresh(FIRST)).hasValueSatisfying(text -> assertThat(text.lines().toList()).hasSize(2));
    }

    @Test
    void isBounded() {
        within(FIRST, () -> IntStream.range(0, 1_000).forEach(n -> log.warn("line {} {}", n, "x".repeat(5_000))));

        assertThat(tails.fresh(FIRST)).hasValueSatisfying(text -> assertThat(text.lines())
                .hasSize(LogTails.LINES)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(LogTails.LENGTH + 3))
                .last().asString().contains("line 999"));
    }

    @Test
    void anExceptionIsThereWithItsFirstFrames() {
        within(FIRST, () -> log.warn("it broke", new IllegalStateException("because")));

        assertThat(tails.fresh(FIRST)).hasValueSatisfying(text -> {
            assertThat(text).contains("it broke", "IllegalStateException: because", "at org.atelier");
            assertThat(text.lines().count()).isLessThanOrEqualTo(LogTails.TRACE + 1);
        });
    }

    @Test
    void secretsAreTakenOut() {
        within(FIRST, () -> log.warn("signed with hunter2", new IllegalStateException("hunter2 is wrong")));

        assertThat(tails.fresh(FIRST)).hasValueSatisfying(text -> assertThat(text).contains("signed with ****")
                .doesNotContain("hunter2"));
    }

    @Test
    void oneLineIsOneLine() {
        within(FIRST, () -> log.warn("one\n  two"));

        assertThat(tails.fresh(FIRST)).hasValueSatisfying(text -> assertThat(text.lines()).singleElement().asString()
                .endsWith("one | two"));
    }

    @Test
    void whatIsOverIsForgottenAndTheOldestGiveWay() {
        within(FIRST, () -> log.warn("one"));
        tails.forget(FIRST);
        assertThat(tails.fresh(FIRST)).isEmpty();

        within(FIRST, () -> log.warn("late"));
        IntStream.rangeClosed(1, LogTails.ATTEMPTS).forEach(n -> within(new AttemptId(OTHER.run(), n), () -> log.warn(
                "another")));
        assertThat(tails.fresh(FIRST)).isEmpty();
    }
}
