package org.atelier.worker.goldens;

import ai.djl.ndarray.NDManager;

/** Computes the outputs of one kind of golden. */
interface Check {
    /** Whether a golden is of this kind: by its group and what is in it, never by its name. */
    boolean knows(Golden golden);

    /**
     * Computes every output that is not pending and has it compared.
     *
     * @param manager for arrays; it is closed afterwards
     */
    void run(Golden golden, Verdict verdict, NDManager manager);
}
