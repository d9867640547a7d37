package org.atelier.worker.edit;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.worker.edit.photo.FoundFaces;

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
     * Told what was found in an image and not said by the request, so that the result can say it. An image may be told of
     * several times.
     */
    default void found(FoundFaces faces) {}

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
