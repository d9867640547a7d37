package org.atelier.local.servers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;

import org.atelier.common.config.Secret;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.store.StoreSettings;
import org.atelier.local.fleet.FleetOptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka, MinIO and PostgreSQL as deploy/compose has them, by Docker: three new ones for each fleet. */
final class ContainerServers implements TestServers {
    private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.4.0");
    private static final DockerImageName MINIO = DockerImageName.parse("minio/minio:RELEASE.2025-09-07T16-13-09Z");
    private static final DockerImageName POSTGRESQL = DockerImageName.parse("postgres:17");

    /** One broker, no topics by mistake, and locks as short as tests want them: what the embedded broker has, too. */
    private static final Map<String, String> BROKER = Map.of(
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1",
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
            "KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000",
            "KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "100",
            "KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "200",
            "KAFKA_GROUP_SHARE_MIN_SESSION_TIMEOUT_MS", "1000",
            "KAFKA_GROUP_SHARE_SESSION_TIMEOUT_MS", "6000",
            "KAFKA_GROUP_SHARE_MAX_DELIVERY_COUNT_LIMIT", "25");

    private final KafkaContainer kafka;
    private final MinIOContainer store;
    private final PostgreSQLContainer database;

    private ContainerServers(KafkaContainer kafka, MinIOContainer store, PostgreSQLContainer database) {
        this.kafka = kafka;
        this.store = store;
        this.database = database;
    }

    static ContainerServers start() {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(),
                "no Docker here: the tests against real images are skipped");
        var kafka = new KafkaContainer(KAFKA).withEnv(BROKER);
        var servers = new ContainerServers(kafka, new MinIOContainer(MINIO), new PostgreSQLContainer(POSTGRESQL));
        Startables.deepStart(Stream.of(servers.kafka, servers.store, servers.database)).join();
        return servers;
    }

    @Override
    public FleetOptions with(FleetOptions options) {
        var endpoint = URI.create(store.getS3URL());
        return options.on(new FleetOptions.Servers(
                new KafkaSettings(kafka.getBootstrapServers(), Map.of()),
                new StoreSettings(endpoint, endpoint, StoreSettings.REGION.defaultValue(), StoreSettings.BUCKET
                        .defaultValue(), new Secret(store.getUserName()), new Secret(store.getPassword()))),
                Map.of("ATELIER_DATABASE", database.getJdbcUrl(), "ATELIER_DATABASE_USER", database.getUsername(),
                        "ATELIER_DATABASE_PASSWORD", database.getPassword()));
    }

    @Override
    public void close() {
        Stream.of(kafka, store, database).forEach(container -> container.stop());
    }
}
