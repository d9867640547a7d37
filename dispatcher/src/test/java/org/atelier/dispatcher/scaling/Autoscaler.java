package org.atelier.dispatcher.scaling;

import java.time.Duration;

/** What decides how many pods a pool has. */
interface Autoscaler {
    /** It is so late; whatever is due is done. */
    void step(Duration now);
}
