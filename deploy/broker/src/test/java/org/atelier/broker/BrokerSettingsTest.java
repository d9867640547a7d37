package org.atelier.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
    private static BrokerSettings settings() {
        return new BrokerSettings(Path.of("/data/log"), 19092, 19093, Optional.empty(), Optional.empty());
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
    void whoComesThroughAProxyIsSentBackToIt() {
        var properties = new BrokerSettings(Path.of("/data/log"), 19092, 19093, Optional.of(
                new BrokerSettings.Proxied(19094, 29094)), Optional.empty()).properties();

        assertThat(KafkaConfig.fromProps(properties).originals()).containsKey("advertised.listeners");
        assertThat(properties.getProperty("advertised.listeners"))
                .isEqualTo("PLAINTEXT://127.0.0.1:19092,PROXIED://127.0.0.1:29094");
        assertThat(properties.getProperty("listeners")).contains(",PROXIED://127.0.0.1:19094,");
    }

    @Test
    void whoComesByASecuredPortHasToSayWhoItIsAndMayDoNothingUnlessToldSo() {
        var properties = new BrokerSettings(Path.of("/data/log"), 19092, 19093, Optional.empty(), Optional.of(
                new BrokerSettings.Secured(19095, 19096, Path.of("/data/tls")))).properties();

        assertThat(KafkaConfig.fromProps(properties).originals()).containsAllEntriesOf(Map.of(
                "super.users", "User:ANONYMOUS",
                "listener.name.mtls.ssl.client.auth", "required",
                "ssl.keystore.location", "/data/tls/broker.pem"));
        assertThat(properties.getProperty("listeners")).isEqualTo("PLAINTEXT://127.0.0.1:19092,SASL://127.0.0.1:19095,"
                + "MTLS://127.0.0.1:19096,CONTROLLER://127.0.0.1:19093");
        assertThat(properties.getProperty("listener.security.protocol.map")).contains("SASL:SASL_SSL,MTLS:SSL");
        assertThat(properties).doesNotContainKey("allow.everyone.if.no.acl.found");
    }

    @Test
    void folderWithACommaIsRefused() {
        assertThatThrownBy(() -> new BrokerSettings(Path.of("/data/a,b"), 1, 2, Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/data/a,b");
    }
}
