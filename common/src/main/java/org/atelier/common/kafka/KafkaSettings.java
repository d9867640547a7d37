package org.atelier.common.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import org.apache.kafka.clients.CommonClientConfigs;
import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers where to ask first, {@code host:port} with commas between
 * @param clientProperties Kafka's own client settings: TLS, SASL and whatever else an installation needs
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> clientProperties) {
    /** Addresses. */
    public static final Setting<String> BOOTSTRAP = Setting.required("ATELIER_KAFKA_BOOTSTRAP", Parser.STRING,
            "addresses of Kafka brokers to ask first, host:port with commas between");
    /** Further client settings. */
    public static final Setting<Path> PROPERTIES = Setting.optional("ATELIER_KAFKA_PROPERTIES", Parser.PATH,
            "file of Kafka client properties: TLS, SASL and anything else an installation needs");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(BOOTSTRAP, PROPERTIES);

    public KafkaSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** Takes Kafka's settings out of a process's. */
    public static KafkaSettings of(Configuration configuration) {
        return new KafkaSettings(configuration.get(BOOTSTRAP),
                configuration.find(PROPERTIES).map(KafkaSettings::load).orElse(Map.of()));
    }

    private static Map<String, String> load(Path file) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(KafkaSettings.PROPERTIES.key() + " names a file that cannot be read: "
                    + file, e);
        }
        var map = new HashMap<String, String>();
        properties.forEach((key, value) -> map.put((String) key, (String) value));
        return map;
    }

    /**
     * The properties of a client: the installation's, then those that this client cannot do without.
     *
     * @param clientId what brokers call the client in logs and quotas
     * @param own      properties of this kind of client; they win
     */
    public Map<String, Object> client(String clientId, Map<String, Object> own) {
        var properties = new HashMap<String, Object>(clientProperties);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        properties.putAll(own);
        return properties;
    }

    /** Names of the client properties, without their values, which may be secret. */
    @Override
    public String toString() {
        return bootstrapServers + Optional.of(clientProperties.keySet())
                .filter(keys -> !keys.isEmpty())
                .map(keys -> " with " + keys)
                .orElse("");
    }
}
