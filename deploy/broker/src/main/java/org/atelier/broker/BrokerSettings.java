package org.atelier.broker;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What the broker is told. Where Kafka's default suits one node, nothing is said.
 *
 * @param log            folder of the topics and of the cluster's metadata
 * @param port           clients connect to it on the loopback interface
 * @param controllerPort the broker's own, for its part as controller
 * @param proxied        a second way in
 */
record BrokerSettings(Path log, int port, int controllerPort, Optional<Proxied> proxied) {
    private static final String HOST = "127.0.0.1";

    /**
     * A way in for clients behind a proxy. A broker tells each client where to go on, so that a proxy in front of the usual port
     * would be left with the first answer.
     *
     * @param port       where the proxy connects
     * @param advertised where the proxy listens
     */
    record Proxied(int port, int advertised) {}

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
        return properties;
    }

    private void oneNode(Properties properties) {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("listeners", "PLAINTEXT://" + HOST + ":" + port + proxied.map(way -> ",PROXIED://" + HOST + ":"
                + way.port()).orElse("") + ",CONTROLLER://" + HOST + ":" + controllerPort);
        proxied.ifPresent(way -> properties.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port
                + ",PROXIED://" + HOST + ":" + way.advertised()));
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.quorum.bootstrap.servers", HOST + ":" + controllerPort);
        properties.put("log.dirs", log.toString());
        // The dispatcher provisions the topics; one that springs up by itself hides a mistake.
        properties.put("auto.create.topics.enable", "false");
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
