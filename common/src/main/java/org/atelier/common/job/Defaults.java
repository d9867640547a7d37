package org.atelier.common.job;

import org.jspecify.annotations.Nullable;

/** Fills what a caller left out. */
final class Defaults {
    private Defaults() {}

    /** The value, or the fallback where there is none. */
    static <T> T or(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }
}
