package org.atelier.worker.checkpoint.pickle;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;

/**
 * Reads pickles without being able to run anything: the names in them are compared with a list and stand for a few lines of
 * code here, and every other name and every other instruction is refused with the byte where it stands. Raw bytes are
 * never copied.
 */
public final class Unpickler {
    private final AllowList allowed;
    private final PersistentIds storages;
    private final NestedFiles nestedFiles;
    private final ReadBudget budget;

    /**
     * @param allowed     the names that may occur
     * @param storages    finds the storages of tensors
     * @param nestedFiles reads files that lie in the pickle
     * @param budget      counts what all pickles of one file take
     */
    public Unpickler(AllowList allowed, PersistentIds storages, NestedFiles nestedFiles, ReadBudget budget) {
        this.allowed = allowed;
        this.storages = storages;
        this.nestedFiles = nestedFiles;
        this.budget = budget;
    }

    /**
     * Reads one pickle and leaves the cursor behind it.
     *
     * @throws RefusedFileException with the byte at fault
     */
    public Pickled load(ByteCursor in) {
        return new PickleMachine(in, allowed, storages, new Reductions(nestedFiles, budget), budget).run();
    }
}
