package org.atelier.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What the broker is told. Where Kafka's default suits one node, nothing is said.
 *
 * @param log            folder of the topics and of the cluster's metadata
 * @param port           clients connect to it on the loopback interface
 * @param controllerPort the broker's own, for its part as controller
 * @param proxied        a second way in
 * @param secured        ways in for clients that say who they are; absent: nobody is asked
 */
record BrokerSettings(Path log, int port, int controllerPort, Optional<Proxied> proxied, Optional<Secured> secured) {
    private static final String HOST = "127.0.0.1";
    private static final String SCRAM = "SCRAM-SHA-512";

    /**
     * A way in for clients behind a proxy. A broker tells each client where to go on, so that a proxy in front of the usual port
     * would be left with the first answer.
     *
     * @param port       where the proxy connects
     * @param advertised where the proxy listens
     */
    record Proxied(int port, int advertised) {}

    /**
     * Ways in by TLS. What their clients may do, an authorizer says: nothing, until somebody allows it. Who comes by the usual port is
     * nobody, and may do everything: that port is for who sets up users and rights.
     *
     * @param sasl   port for clients that say by SCRAM who they are
     * @param tls    port for clients whose certificates say it: the principal is its common name
     * @param folder has {@code broker.pem} (key and certificate) and {@code ca.crt} (whose certificates are trusted)
     */
    record Secured(int sasl, int tls, Path folder) {}

    BrokerSettings {
        if (log.toString().contains(",")) {
            throw new IllegalArgumentException("Kafka takes a comma in a folder's name for the end of the name; choose"
                    + " another folder than " + log);
        }
    }

    /** Kafka's {@code server.properties}. */
    Properties properties() {
        var properties = new Properties();
        oneNode(properties);
        oneReplica(properties);
        quickRestart(properties);
        quickGroups(properties);
        smallMachine(properties);
        secured.ifPresent(ways -> secure(ways, properties));
        return properties;
    }

    private void oneNode(Properties properties) {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        var listeners = new ArrayList<>(List.of(listener("PLAINTEXT", port)));
        var advertised = new ArrayList<>(listeners);
        proxied.ifPresent(way -> {
            listeners.add(listener("PROXIED", way.port()));
            advertised.add(listener("PROXIED", way.advertised()));
        });
        secured.map(ways -> List.of(listener("SASL", ways.sasl()), listener("MTLS", ways.tls()))).ifPresent(ways -> {
            listeners.addAll(ways);
            advertised.addAll(ways);
        });
        properties.put("advertised.listeners", String.join(",", advertised));
        listeners.add(listener("CONTROLLER", controllerPort));
        properties.put("listeners", String.join(",", listeners));
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL:SASL_SSL,MTLS:SSL,CONTROLLER:PLAINTEXT");
        properties.put("controller.quorum.bootstrap.servers", HOST + ":" + controllerPort);
        properties.put("log.dirs", log.toString());
        // The dispatcher provisions the topics; one that springs up by itself hides a mistake.
        properties.put("auto.create.topics.enable", "false");
    }

    private static String listener(String name, int port) {
        return name + "://" + HOST + ":" + port;
    }

    /** As in any installation; only that this broker, and who may do everything, come by a port that asks nobody. */
    private static void secure(Secured ways, Properties properties) {
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
        properties.put("sasl.enabled.mechanisms", SCRAM);
        properties.put("listener.name.sasl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        properties.put("ssl.keystore.type", "PEM");
        properties.put("ssl.keystore.location", ways.folder().resolve("broker.pem").toString());
        properties.put("ssl.truststore.type", "PEM");
        properties.put("ssl.truststore.location", ways.folder().resolve("ca.crt").toString());
        properties.put("listener.name.mtls.ssl.client.auth", "required");
        properties.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/");
    }

    private static void oneReplica(Properties properties) {
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("share.coordinator.state.topic.num.partitions", "1");
    }

    /** A killed broker may come back only when the controller, which is itself, has given its former life up. */
    private static void quickRestart(Properties properties) {
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
    }

    /**
     * A new member gets its first record after 0.1 to 0.4 s instead of 6 to 7, and tests may use locks of one second.
     * These are limits and defaults of the broker: what a group sets for itself still holds.
     */
    private static void quickGroups(Properties properties) {
        properties.put("group.share.min.heartbeat.interval.ms", "100");
        properties.put("group.share.heartbeat.interval.ms", "200");
        properties.put("group.share.min.session.timeout.ms", "1000");
        properties.put("group.share.session.timeout.ms", "6000");
        properties.put("group.share.assignment.interval.ms", "0");
        properties.put("group.share.min.record.lock.duration.ms", "1000");
        properties.put("group.share.max.delivery.count.limit", "25");
        properties.put("group.consumer.min.heartbeat.interval.ms", "100");
        properties.put("group.consumer.heartbeat.interval.ms", "200");
        properties.put("group.consumer.min.session.timeout.ms", "1000");
        properties.put("group.consumer.session.timeout.ms", "6000");
        properties.put("group.consumer.assignment.interval.ms", "0");
        properties.put("group.initial.rebalance.delay.ms", "0");
    }

    /** Few clients and little data: fewer threads, and a cleaner that does not take 128 MiB of the heap. */
    private static void smallMachine(Properties properties) {
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("background.threads", "2");
        properties.put("group.coordinator.threads", "1");
        properties.put("log.cleaner.dedupe.buffer.size", "8388608");
    }
}
