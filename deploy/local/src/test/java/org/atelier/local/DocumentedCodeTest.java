package org.atelier.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code in the documents is code that runs: each block stands, tagged, in a class of the tests. */
class DocumentedCodeTest {
    private static final Path HOME = Path.of(System.getProperty("atelier.home"));
    private static final Path TESTS = HOME.resolve("deploy/local/src/test/java/org/atelier/local/fleet");

    @ParameterizedTest
    @CsvSource({"README.md, FirstEdit.java, first-edit", "docs/api.md, KafkaEdit.java, kafka-edit"})
    void aBlockIsWhatTheTestRuns(String document, String code, String tag) throws IOException {
        var tagged = Pattern.compile("// tag::" + tag + "\\[]\\n(.*?)\\s*// end::", Pattern.DOTALL)
                .matcher(Files.readString(TESTS.resolve(code)));
        assertThat(tagged.find()).isTrue();

        assertThat(Files.readString(HOME.resolve(document))).contains("```java\n" + tagged.group(1).stripIndent()
                .strip() + "\n```");
    }
}
