package org.atelier.worker.checkpoint.pickle;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadBudget;

/** Reads a file that lies in a pickle as bytes: the storages of an NVlabs pickle do. */
@FunctionalInterface
public interface NestedFiles {
    /**
     * Reads the file, with all its storages bound.
     *
     * @param bytes  the file
     * @param name   what to call it in messages
     * @param budget of the outer file, which pays for it
     */
    Pickled read(ByteRegion bytes, String name, ReadBudget budget);
}
