package org.atelier.dispatcher.compose;

import org.atelier.common.job.JobRequest;

/**
 * How jobs of a composite type are made of others: a pure function of the request and of how the parts so far ended.
 *
 * <p>Whoever asks it keeps nothing: after a restart, and in another dispatcher, the same questions are asked again from the
 * start, and must get the same answers. So it reads no clock, draws no random number and asks no one else.
 *
 * @param <R> the request
 */
public interface Composition<R extends JobRequest> {
    /** The request that it understands. */
    Class<R> requestType();

    /**
     * What follows.
     *
     * @throws org.atelier.common.request.InvalidSubmissionException if nothing can come of the request; only before the
     *                                                                first phase
     */
    Step next(Composite<R> composite);

    /**
     * Where a field of a part of the first phase comes from.
     *
     * @param field a pointer into the part's submission
     * @return a pointer into the composite's submission
     */
    String origin(R request, String field);
}
