package org.atelier.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

import org.junit.jupiter.api.Test;

/** After a change of a meter, write the page anew with {@code -Dtest=MeterTest -Datelier.docs=write}. */
class MeterTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final String GENERATED = "<!-- What follows is written by MeterTest. -->\n";

    @Test
    void thePageOfTheDocumentsListsAllOfThem() throws IOException {
        var text = Files.readString(PAGE);
        var page = new StringBuilder(text.substring(0, text.indexOf(GENERATED) + GENERATED.length()));
        for (var process : Meter.Process.values()) {
            page.append("\n## Of a ").append(word(process)).append(
                    "\n| series | | labels | says | then |\n|---|---|---|---|---|\n");
            Arrays.stream(Meter.values()).filter(meter -> meter.process() == process).forEach(meter -> page.append(
                    "| `%s` | %s | %s | %s | %s |%n".formatted(meter.series(), word(meter.kind()), String.join(", ",
                            meter.tags()), meter.meaning(), meter.reaction())));
        }
        if ("write".equals(System.getProperty("atelier.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page.toString());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void namesAreNotUsedTwice() {
        assertThat(Meter.values()).extracting(Meter::meterName).doesNotHaveDuplicates().allMatch(name -> name.matches(
                "atelier(\\.[a-z]+)+"));
    }

    @Test
    void tagsAndValuesGoTogether() {
        assertThat(Meter.RUNS_ENDED.tagged("failed", "optimize")).containsExactly("outcome", "failed", "type",
                "optimize");
        assertThatIllegalArgumentException().isThrownBy(() -> Meter.RUNS_ENDED.tagged("failed")).withMessageContaining(
                "[outcome, type]");
    }
}
