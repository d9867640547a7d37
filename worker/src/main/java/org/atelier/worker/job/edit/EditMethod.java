package org.atelier.worker.job.edit;

import java.util.function.Function;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;

/**
 * Makes the edit that a request asks for.
 *
 * @param <R> the request
 */
@FunctionalInterface
public interface EditMethod<R extends JobRequest> {
    /**
     * Prepares an edit.
     *
     * @param networks stay the caller's
     * @param blobs    gives the bytes of an input, or throws a {@link org.atelier.common.error.JobException}
     * @throws org.atelier.common.error.JobException INVALID_REQUEST or INPUT_UNREADABLE
     */
    Edit prepare(R request, BundleNetworks networks, Function<Digest, byte[]> blobs);
}
