package org.atelier.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.store.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defaults and full mapping of the settings that every process has: a default cannot drift unnoticed. */
class SharedSettingsTest {
    @Test
    void defaultsOfTheStore() {
        var settings = StoreSettings.of(Configuration.read(StoreSettings.LIST, Map.of(
                "ATELIER_STORE_ENDPOINT", "http://store:9000",
                "ATELIER_STORE_ACCESS_KEY", "a",
                "ATELIER_STORE_SECRET_KEY", "s")));

        assertThat(settings).isEqualTo(new StoreSettings(URI.create("http://store:9000"), URI.create(
                "http://store:9000"),
                "us-east-1", "atelier", new Secret("a"), new Secret("s")));
    }

    @Test
    void fullMappingOfTheStore() {
        var settings = StoreSettings.of(Configuration.read(StoreSettings.LIST, Map.of(
                "ATELIER_STORE_ENDPOINT", "http://store:9000",
                "ATELIER_STORE_PUBLIC_ENDPOINT", "https://store.example.com",
                "ATELIER_STORE_REGION", "eu-central-1",
                "ATELIER_STORE_BUCKET", "faces",
                "ATELIER_STORE_ACCESS_KEY", "a",
                "ATELIER_STORE_SECRET_KEY", "s")));

        assertThat(settings).isEqualTo(new StoreSettings(URI.create("http://store:9000"),
                URI.create("https://store.example.com"), "eu-central-1", "faces", new Secret("a"), new Secret("s")));
        assertThat(settings.toString()).doesNotContain("=a,", "=s]");
    }

    @Test
    void kafkaTakesTheInstallationsOwnPropertiesButNotOverOurs(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("client.properties"),
                "security.protocol=SSL\nssl.key.password=hunter2\nacks=0\n");
        var settings = KafkaSettings.of(Configuration.read(KafkaSettings.LIST,
                Map.of("ATELIER_KAFKA_BOOTSTRAP", "kafka:9092", "ATELIER_KAFKA_PROPERTIES", file.toString())));

        assertThat(settings.client("me", Map.of("acks", "all"))).containsExactlyInAnyOrderEntriesOf(Map.of(
                "bootstrap.servers", "kafka:9092",
                "client.id", "me",
                "security.protocol", "SSL",
                "ssl.key.password", "hunter2",
                "acks", "all"));
        assertThat(settings.toString()).contains("kafka:9092", "ssl.key.password").doesNotContain("hunter2");
    }

    @Test
    void kafkaNeedsNothingButAnAddress() {
        var settings = KafkaSettings.of(Configuration.read(KafkaSettings.LIST, Map.of("ATELIER_KAFKA_BOOTSTRAP",
                "kafka:9092")));

        assertThat(settings).isEqualTo(new KafkaSettings("kafka:9092", Map.of()));
    }
}
