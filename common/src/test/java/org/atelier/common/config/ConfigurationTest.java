package org.atelier.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    private static final Setting<Integer> SLOTS = Setting.of("ATELIER_SLOTS", Parser.between(1, 64), "1",
            "attempts at once");
    private static final Setting<String> NAME = Setting.required("ATELIER_NAME", Parser.STRING, "name of it");
    private static final Setting<Secret> KEY = Setting.optional("ATELIER_KEY", Parser.SECRET, "a secret");
    private static final List<Setting<?>> ALL = List.of(SLOTS, NAME, KEY);

    @Test
    void readsWhatIsGivenAndDefaultsTheRest() {
        var configuration = Configuration.read(ALL, Map.of("ATELIER_NAME", " anna \n"));

        assertThat(configuration.get(SLOTS)).isEqualTo(1);
        assertThat(configuration.get(NAME)).isEqualTo("anna");
        assertThat(configuration.find(KEY)).isEmpty();
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> Configuration.read(ALL, Map.of("ATELIER_SLOTS", "0")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("ATELIER_SLOTS must be from 1 to 64")
                .hasMessageContaining("ATELIER_NAME is missing");
    }

    @Test
    void readsSecretsFromFilesAndNeverShowsThem(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("key"), "hunter2\n");
        var configuration = Configuration.read(ALL, Map.of("ATELIER_NAME", "anna", "ATELIER_KEY_FILE", file
                .toString()));

        assertThat(configuration.get(KEY).reveal()).isEqualTo("hunter2");
        assertThat(configuration.secrets()).as("for whoever passes text on").containsExactly("hunter2");
        assertThat(configuration.toString()).contains("ATELIER_NAME = anna", "ATELIER_KEY = ****").doesNotContain(
                "hunter2");
    }

    @Test
    void aSecretFileThatIsMissingIsSaidToBe() {
        assertThatThrownBy(() -> Configuration.read(ALL, Map.of("ATELIER_NAME", "anna", "ATELIER_KEY_FILE",
                "/nowhere/key")))
                .hasMessageContaining("ATELIER_KEY cannot be read from the file /nowhere/key");
    }

    @Test
    void namesVariablesThatHaveNoEffect() {
        var configuration = Configuration.read(ALL,
                Map.of("ATELIER_NAME", "anna", "ATELIER_SLOT", "2", "ATELIER_KEY_FILE", "", "PATH", "/bin"));

        assertThat(configuration.unknown()).containsExactly("ATELIER_SLOT");
    }

    @Test
    void parsesDurations() {
        assertThat(Parser.DURATION.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Parser.DURATION.parse("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Parser.DURATION.parse("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(Parser.DURATION.parse("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Parser.DURATION.parse("14d")).isEqualTo(Duration.ofDays(14));
        assertThatThrownBy(() -> Parser.DURATION.parse("5 minutes")).hasMessageContaining("500ms, 30s");
    }

    @Test
    void parsesAddressesListsAndEnums() {
        assertThat(Parser.HTTP_URI.parse("http://127.0.0.1:9000")).hasHost("127.0.0.1");
        assertThatThrownBy(() -> Parser.HTTP_URI.parse("ftp://x")).hasMessageContaining("http:// or https://");
        assertThatThrownBy(() -> Parser.HTTP_URI.parse("127.0.0.1")).hasMessageContaining("http:// or https://");
        assertThat(Parser.LIST.parse("a, b,,c")).containsExactly("a", "b", "c");
        assertThat(Parser.oneOf(Fruit.class).parse("red-apple")).isEqualTo(Fruit.RED_APPLE);
        assertThatThrownBy(() -> Parser.oneOf(Fruit.class).parse("fig")).hasMessageContaining("[red-apple, pear]");
        assertThat(Parser.BOOLEAN.parse("True")).isTrue();
        assertThatThrownBy(() -> Parser.BOOLEAN.parse("yes")).hasMessageContaining("neither true nor false");
    }

    private enum Fruit {
        RED_APPLE, PEAR
    }
}
