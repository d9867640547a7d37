package org.atelier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The command line as a whole: it has every verb of the API, its page of the documents is its own help, and shells complete it.
 *
 * <p>After a change of a command, write the page anew with {@code -Dtest=CommandLineTest -Datelier.docs=write}.
 */
class CommandLineTest {
    private static final Path PAGE = Path.of(System.getProperty("atelier.home")).resolve("docs/cli.md");
    private static final int WIDTH = 120;
    private static final String GENERATED = "<!-- What follows is written by CommandLineTest. -->\n";

    /** What operations of the API are called here. */
    private static final Map<String, String> COMMANDS = Map.ofEntries(
            Map.entry("submitJob", "submit"),
            Map.entry("putJob", "submit"),
            Map.entry("submitJobs", "submit"),
            Map.entry("listJobs", "list"),
            Map.entry("getJob", "get"),
            Map.entry("getArtifact", "get"),
            Map.entry("watchJob", "watch"),
            Map.entry("cancelJob", "cancel"),
            Map.entry("getLineage", "lineage"),
            Map.entry("getOverview", "status"),
            Map.entry("listWorkers", "status"),
            Map.entry("getUsage", "usage"),
            Map.entry("listBundles", "bundles"),
            Map.entry("getBundle", "bundles"),
            Map.entry("getPresets", "presets"),
            Map.entry("shareBundle", "bundles share"),
            Map.entry("uploadImage", "upload"),
            Map.entry("offerUpload", "upload"),
            Map.entry("completeUpload", "upload"),
            Map.entry("createReplay", "replay"),
            Map.entry("getReplay", "replay"),
            Map.entry("rebuild", "rebuild"),
            Map.entry("rebuildProgress", "rebuild"),
            Map.entry("eraseJob", "erase"),
            Map.entry("createErasure", "erase"),
            Map.entry("getErasure", "erase"),
            Map.entry("createCollection", "gc"),
            Map.entry("getCollection", "gc"),
            Map.entry("createToken", "token create"),
            Map.entry("listTokens", "token list"),
            Map.entry("revokeToken", "token revoke"),
            Map.entry("createWebhook", "webhook create"),
            Map.entry("listWebhooks", "webhook list"),
            Map.entry("getWebhook", "webhook list"),
            Map.entry("deleteWebhook", "webhook delete"),
            Map.entry("rotateWebhookSecret", "webhook rotate"),
            Map.entry("testWebhook", "webhook test"));
    /** What programs and browsers ask, and nobody types. */
    private static final Set<String> FOR_PROGRAMS = Set.of("headJob", "headBundle", "headPresets", "getPreview",
            "scaling",
            "getMetrics", "getHealth", "getReadiness", "getAsyncApi", "getOpenApi");

    @TempDir
    private Path folder;

    private static Set<String> operations() throws IOException {
        try (var in = CommandLineTest.class.getResourceAsStream("/org/atelier/dispatcher/http/openapi.json")) {
            var names = new TreeSet<String>();
            for (var path : Json.read(in.readAllBytes(), JsonNode.class).path("paths")) {
                path.forEach(operation -> Optional.ofNullable(operation.get("operationId")).map(JsonNode::asText)
                        .ifPresent(names::add));
            }
            return names;
        }
    }

    private static Optional<CommandLine> command(String words) {
        var line = Optional.of(Atelier.commandLine());
        for (var word : words.split(" ")) {
            line = line.map(at -> at.getSubcommands().get(word));
        }
        return line;
    }

    @Test
    void everyVerbOfTheApiHasACommand() throws IOException {
        assertThat(operations()).containsExactlyInAnyOrderElementsOf(Stream.concat(COMMANDS.keySet().stream(),
                FOR_PROGRAMS.stream()).toList());
        assertThat(COMMANDS.values()).allSatisfy(words -> assertThat(command(words)).as(words).isPresent());
    }

    @Test
    void thePageOfTheDocumentsIsTheHelp() throws IOException {
        var text = Files.readString(PAGE);
        var head = text.substring(0, text.indexOf(GENERATED) + GENERATED.length());
        var page = new StringBuilder(head);
        document(Atelier.commandLine(), page);
        if ("write".equals(System.getProperty("atelier.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page.toString());
    }

    private static void document(CommandLine command, StringBuilder page) {
        command.setUsageHelpWidth(WIDTH);
        var name = command.getCommandSpec().qualifiedName();
        page.append("\n## ").append(name).append("\n```\n");
        command.getUsageMessage(Ansi.OFF).lines().map(String::stripTrailing).forEach(line -> page.append(line).append(
                '\n'));
        page.append("```\n");
        command.getSubcommands().values().stream().distinct().forEach(child -> document(child, page));
    }

    @ParameterizedTest
    @CsvSource({"st,status", "submit op,optimize", "submit --pre,--preset", "watch --pictures si,sixel",
            "webhook ro,rotate"})
    void shellsComplete(String typed, String completed) throws Exception {
        assumeTrue(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).anyMatch(path -> Files.isExecutable(
                Path
                        .of(path, "bash"))), "there is no bash here");
        var script = Files.writeString(folder.resolve("completion"), AutoComplete.bash("atelier", Atelier
                .commandLine()));
        var words = typed.split(" ");
        var test = "compopt() { :; }; source '%s'; COMP_WORDS=(atelier %s); COMP_CWORD=%d; _complete_atelier; echo \"${COMPREPLY[*]}\""
                .formatted(script, typed, words.length);
        var shell = new ProcessBuilder(List.of("bash", "-c", test)).redirectErrorStream(true).start();
        var answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).as(answer).isZero();
        assertThat(answer.split("\\s+")).contains(completed);
    }
}
