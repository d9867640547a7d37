package org.atelier.chaos.simulation;

import java.util.HashMap;
import java.util.Map;

/** The topics of the fleet, apart from the ready topics. */
final class Brokers {
    private final Map<String, Topic> topics = new HashMap<>();
    private final Simulation simulation;

    Brokers(Simulation simulation) {
        this.simulation = simulation;
    }

    Topic of(String name) {
        return topics.computeIfAbsent(name, key -> new Topic(key, simulation));
    }
}
