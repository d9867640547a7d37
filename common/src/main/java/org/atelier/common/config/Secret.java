package org.atelier.common.config;

/**
 * A value that must not be seen: it prints as stars.
 *
 * @param reveal the value itself
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "********";
    }
}
