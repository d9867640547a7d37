package org.atelier.dispatcher.cli;

import org.atelier.common.event.Message;

/** Shows what happens to a job. */
public interface WatchDisplay extends AutoCloseable {
    /** Shows one message. */
    void show(Message message);

    /** Ends the display; what was shown last stays. */
    @Override
    void close();
}
