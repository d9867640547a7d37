package org.atelier.worker.job.bundle;

import java.nio.file.Path;
import java.util.Map;

import org.atelier.common.bundle.BundleCard;

/**
 * A bundle version whose files lie on the local disk.
 *
 * @param card  what it consists of
 * @param files where each file that the card names lies, whole and checked; read only
 */
public record LocalBundle(BundleCard card, Map<String, Path> files) {
    public LocalBundle {
        files = Map.copyOf(files);
    }

    /**
     * Where a file lies.
     *
     * @param name as the card names it
     * @throws IllegalArgumentException if the card does not name it
     */
    public Path file(String name) {
        var path = files.get(name);
        if (path == null) {
            throw new IllegalArgumentException("the card of " + card.reference() + " names no file \"" + name + "\"");
        }
        return path;
    }
}
