package org.atelier.dispatcher.scaling;

import java.util.OptionalInt;

/** The scaling endpoint as an autoscaler sees it. */
@FunctionalInterface
interface Endpoint {
    /** The number of wanted slots; empty for any answer but 200, which the metrics-api scaler takes as an error and as nothing else. */
    OptionalInt ask();
}
