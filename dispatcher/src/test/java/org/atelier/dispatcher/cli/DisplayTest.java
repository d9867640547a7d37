package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.ledger.Outcome;
import org.junit.jupiter.api.Test;

class DisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void terminalShowsABarWithStepsLossesAndTimeLeft() {
        try (var display = new Terminal(out, Optional.of(120)).display("afro hair")) {
            display.show(Samples.progressed(10));
            display.show(Samples.progressed(60));
        }
        var last = text().strip().substring(text().strip().lastIndexOf('\r') + 1);
        assertThat(last).startsWith("afro hair").contains("60/100", "0:00:04", "clip 0.2500", "total 0.5000", "█")
                .hasSizeLessThan(120);
    }

    @Test
    void barOfASuccessIsFull() {
        try (var display = new Terminal(out, Optional.of(100)).display("smile")) {
            display.show(Samples.progressed(10));
            display.show(Samples.ended(Outcome.SUCCEEDED));
        }
        assertThat(text().strip().substring(text().strip().lastIndexOf('\r') + 1)).contains("100/100", "100%");
    }

    @Test
    void failedAttemptStandsAboveTheBar() {
        try (var display = new Terminal(out, Optional.of(80)).display("smile")) {
            display.show(Samples.progressed(10));
            display.show(new Message.AttemptFailed(Samples.ATTEMPT, "worker", JobFailure.of(
                    ErrorCategory.OUT_OF_MEMORY, "no memory"), Map.of()));
        }
        assertThat(text()).contains("\rsmile: no memory" + System.lineSeparator());
    }

    @Test
    void withoutATerminalThereIsALineEachTenthOfTheWay() {
        try (var display = new Terminal(out, Optional.empty()).display("smile")) {
            display.show(new Message.AttemptStarted(Samples.ATTEMPT, "worker-1", "host", 0));
            for (int step = 0; step <= 100; step++) {
                display.show(Samples.progressed(step));
            }
            display.show(Samples.ended(Outcome.SUCCEEDED));
        }
        var lines = text().lines().toList();
        assertThat(lines).hasSize(13).startsWith("smile: runs on worker-1").endsWith("smile: succeeded");
        assertThat(lines.get(6)).isEqualTo("smile: 50/100 clip 0.2500 total 0.5000, about 4 s left");
        assertThat(text()).doesNotContain("\r");
    }
}
