package org.atelier.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands in the documents are commands that there are: each is parsed by the command line itself. */
class DocumentedCommandsTest {
    private static final Path HOME = Path.of(System.getProperty("atelier.home"));
    /** A command that stands alone in a line of a block, or in a line of text between backticks. */
    private static final Pattern IN_BLOCK = Pattern.compile("^\\s*(?:\\$ )?\\./atelier (.*)$");
    private static final Pattern IN_TEXT = Pattern.compile("`\\./atelier ([^`]+)`");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

    /** One for all: it takes longer to make than to use. */
    private static final CommandLine LINE = Atelier.commandLine();

    static Stream<Map.Entry<String, String>> commands() throws IOException {
        try (var documents = Files.list(HOME.resolve("docs"))) {
            return Stream.concat(documents.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream(),
                    Stream.of(HOME.resolve("README.md"))).flatMap(DocumentedCommandsTest::commands)
                    .toList().stream();
        }
    }

    private static Stream<Map.Entry<String, String>> commands(Path document) {
        var commands = new ArrayList<Map.Entry<String, String>>();
        var name = HOME.relativize(document).toString();
        boolean block = false;
        var continued = new StringBuilder();
        for (var line : lines(document)) {
            if (line.strip().startsWith("```")) {
                block = !block;
            } else if (!block) {
                IN_TEXT.matcher(line).results().forEach(found -> commands.add(Map.entry(name, found.group(1))));
            } else {
                continued.append(line.endsWith("\\") ? line.substring(0, line.length() - 1) : line);
                if (!line.endsWith("\\")) {
                    var found = IN_BLOCK.matcher(continued);
                    if (found.matches()) {
                        commands.add(Map.entry(name, found.group(1)));
                    }
                    continued.setLength(0);
                }
            }
        }
        return commands.stream();
    }

    private static List<String> lines(Path document) {
        try {
            return Files.readAllLines(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of a command as a shell sees them, up to what is not the command's: a comment, a pipe, a file. */
    private static String[] words(String command) {
        var words = new ArrayList<String>();
        var found = WORD.matcher(command);
        while (found.find()) {
            var bare = found.group(3);
            if (bare != null && (bare.startsWith("#") || bare.matches("[|>&;].*"))) {
                break;
            }
            // What stands for a job in the documents could be the name of none.
            words.add(bare != null && bare.matches("JOB(\\.\\.\\.)?")
                    ? "job-1"
                    : found.group(1) != null ? found.group(1) : found.group(2) != null ? found.group(2) : bare);
        }
        return words.toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isUnderstood(Map.Entry<String, String> command) {
        var words = words(command.getValue());
        if (words.length == 1) {
            // Only spoken of, and not shown with what it needs.
            assertThat(LINE.getSubcommands()).as(command.toString()).containsKey(words[0]);
            return;
        }

        var parsed = LINE.parseArgs(words);

        assertThat(parsed.hasSubcommand() || parsed.isUsageHelpRequested()).as(command.toString()).isTrue();
    }
}
