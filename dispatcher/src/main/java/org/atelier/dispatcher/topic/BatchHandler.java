package org.atelier.dispatcher.topic;

import java.util.List;

/** Takes records in. */
@FunctionalInterface
public interface BatchHandler {
    /**
     * Takes records in: their effect and how far they were read, together or not at all. Records that came before may come
     * again.
     *
     * @param batch records in the order of each partition; not empty
     * @throws RuntimeException where it could not. What {@link org.atelier.dispatcher.fault.Outage} knows may be tried
     *                          again
     */
    void handle(List<Received> batch);
}
