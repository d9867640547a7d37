package org.atelier.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
    private static BrokerSettings settings() {
        return new BrokerSettings(Path.of("/data/log"), 19092, 19093);
    }

    @Test
    void kafkaKnowsEverySettingAndAcceptsThemTogether() {
        var properties = settings().properties();

        assertThat(KafkaConfig.configDef().names()).containsAll(properties.stringPropertyNames());
        assertThat(KafkaConfig.fromProps(properties).getInt("node.id")).isEqualTo(1);
    }

    @Test
    void itListensOnTheLoopbackInterfaceOnly() {
        assertThat(settings().properties().getProperty("listeners"))
                .isEqualTo("PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093");
    }

    @Test
    void folderWithACommaIsRefused() {
        assertThatThrownBy(() -> new BrokerSettings(Path.of("/data/a,b"), 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/data/a,b");
    }
}
