package org.atelier.worker.checkpoint.pickle;

import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.value.Value;

/** What a pickle described, before it is known where its storages lie. */
public final class Pickled {
    private final Node root;
    private final int protocol;
    private final boolean persistentObjects;

    Pickled(Node root, int protocol, boolean persistentObjects) {
        this.root = root;
        this.protocol = protocol;
        this.persistentObjects = persistentObjects;
    }

    Node root() {
        return root;
    }

    /** The protocol it was written with, 2 to 5; 0 if it does not say. */
    public int protocol() {
        return protocol;
    }

    /** Whether it has objects of {@code torch_utils.persistence}, as the NVlabs generators have. */
    public boolean hasPersistentObjects() {
        return persistentObjects;
    }

    /**
     * The finished tree. Every storage must be bound by now.
     *
     * @throws org.atelier.worker.checkpoint.io.RefusedFileException if it is nested too deep, contains itself, or has a tensor
     *                                                               that does not lie inside of its storage
     */
    public Value freeze(ReadBudget budget) {
        return new Freezer(budget).freeze(root);
    }
}
