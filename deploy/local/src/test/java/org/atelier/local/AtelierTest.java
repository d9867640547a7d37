package org.atelier.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import org.atelier.dispatcher.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtelierTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Atelier.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void helpListsEveryCommand() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("demo", "up", "submit", "watch", "list", "get", "presets", "cancel",
                "models",
                "bench");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "up"})
    void commandsOfTheFleetExplainThemselves(String command) {
        assertThat(run(command, "--help")).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("--data", "--device", "Exit codes:", "what it said");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fly", "demo --stepz 3", "demo --steps many", "up extra"})
    void wrongCommandIsAUsageError(String line) {
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void optionsOfABenchmarkAreNotThisProgramsToUnderstand() {
        var parsed = Atelier.commandLine().parseArgs("bench", "optimize", "--steps", "10", "--help", "-x=y");

        assertThat(parsed.subcommand().matchedPositionalValue(0, List.of()))
                .isEqualTo(List.of("optimize", "--steps", "10", "--help", "-x=y"));
    }
}
