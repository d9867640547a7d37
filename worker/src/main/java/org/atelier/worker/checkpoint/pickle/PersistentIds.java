package org.atelier.worker.checkpoint.pickle;

/** Finds the storages that a pickle refers to by a persistent id: where they are depends on the container. */
@FunctionalInterface
public interface PersistentIds {
    /**
     * Takes note of a storage, and binds it if its bytes are known already.
     *
     * @param storage as the pickle describes it
     * @return that storage, or the one that the same key gave before
     * @throws org.atelier.worker.checkpoint.io.RefusedFileException if the container has none under this key
     */
    PickledStorage resolve(PickledStorage storage);
}
