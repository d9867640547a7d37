package org.atelier.dispatcher.kafka;

import java.util.List;

/** Kafka is not as the fleet needs it. The message lists everything that is wrong, and what to do. */
public final class UnfitKafkaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnfitKafkaException(List<String> problems) {
        super("Kafka is not as the fleet needs it:" + System.lineSeparator() + "  " + String.join(System
                .lineSeparator() + "  ", problems) + System.lineSeparator()
                + "What exists is never changed: change it with kafka-configs.sh, or the setting that asks for it.");
    }
}
