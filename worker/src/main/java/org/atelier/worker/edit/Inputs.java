package org.atelier.worker.edit;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;

/**
 * Where an edit gets the files that its request names. Every method throws a
 * {@link org.atelier.common.error.JobException} INPUT_UNREADABLE for what is not there.
 */
public interface Inputs {
    /** The bytes of a stored file, checked against its digest. */
    byte[] read(Digest digest);

    /**
     * What another job made.
     *
     * @param artifact its name in that job's result
     */
    Digest find(JobId job, String artifact);

    /**
     * The bytes of an input.
     *
     * @param usualName of the artifact that is meant where the request names a job alone
     */
    default byte[] read(Input input, String usualName) {
        return switch (input) {
            case Input.Blob blob -> read(blob.blob());
            case Input.Result result -> read(find(result.job(), result.artifact() == null
                    ? usualName
                    : result.artifact()));
        };
    }
}
