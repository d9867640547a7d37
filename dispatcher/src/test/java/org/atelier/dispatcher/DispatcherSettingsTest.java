package org.atelier.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.config.Setting;
import org.atelier.common.log.LogSettings;
import org.atelier.common.trace.otel.TracingSettings;
import org.junit.jupiter.api.Test;

class DispatcherSettingsTest {
    private static final Map<String, String> REQUIRED = Map.of("ATELIER_KAFKA_BOOTSTRAP", "broker:9092",
            "ATELIER_STORE_ENDPOINT", "http://store:9000", "ATELIER_STORE_ACCESS_KEY", "ann",
            "ATELIER_STORE_SECRET_KEY",
            "hunter2");

    @Test
    void defaults() {
        var configuration = Configuration.read(DispatcherSettings.LIST, REQUIRED);
        var settings = DispatcherSettings.of(configuration);

        assertThat(settings.name()).isNotBlank();
        assertThat(settings.startupPatience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(settings.store().bucket()).isEqualTo("atelier");
        assertThat(configuration.get(LogSettings.LEVEL)).isEqualTo("INFO");
        assertThat(configuration.toString()).doesNotContain("hunter2");
    }

    @Test
    void everySettingArrives() {
        var environment = new HashMap<>(REQUIRED);
        environment.put("ATELIER_DISPATCHER_NAME", "d-1");
        environment.put("ATELIER_STARTUP_PATIENCE", "2m");

        var settings = DispatcherSettings.of(Configuration.read(DispatcherSettings.LIST, environment));

        assertThat(settings.name()).isEqualTo("d-1");
        assertThat(settings.startupPatience()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void saysEverythingThatIsMissingOrWrong() {
        assertThatThrownBy(() -> Configuration.read(DispatcherSettings.LIST, Map.of("ATELIER_DISPATCHER_NAME", "a/b",
                "ATELIER_LOG_LEVEL", "LOUD"))).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("ATELIER_DISPATCHER_NAME")
                .hasMessageContaining("ATELIER_LOG_LEVEL")
                .hasMessageContaining("ATELIER_KAFKA_BOOTSTRAP")
                .hasMessageContaining("ATELIER_STORE_ENDPOINT");
    }

    @Test
    void noVariableMeansTwoThings() {
        assertThat(DispatcherSettings.LIST).extracting(Setting::key).doesNotHaveDuplicates().allMatch(key -> key
                .startsWith(Configuration.PREFIX) || TracingSettings.LIST.stream().anyMatch(setting -> setting.key()
                        .equals(key)));
    }
}
