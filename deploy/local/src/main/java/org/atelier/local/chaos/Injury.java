package org.atelier.local.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A fault that has been inflicted.
 *
 * @param target the worker's process that it strikes, as histories call it; absent: all of them
 * @param remedy makes it good, as far as that is not what {@link ChaosFleet#mend} does
 */
record Injury(@Nullable String target, Runnable remedy) {
    /** One that {@link ChaosFleet#mend} makes good. */
    static Injury of(@Nullable String target) {
        return new Injury(target, () -> {});
    }
}
