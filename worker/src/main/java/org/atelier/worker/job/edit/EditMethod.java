package org.atelier.worker.job.edit;

import org.atelier.common.job.JobRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;

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
     * @param inputs   where the files are that the request names
     * @throws org.atelier.common.error.JobException INVALID_REQUEST or INPUT_UNREADABLE
     */
    Edit prepare(R request, BundleNetworks networks, Inputs inputs);
}
