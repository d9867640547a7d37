package org.atelier.dispatcher.retention;

import java.time.Instant;

/**
 * {@code report.json} of an erasure: it is done.
 *
 * @param jobs  how many jobs were erased, parts of composite jobs among them
 * @param blobs how many blobs were removed
 * @param bytes their size
 * @param kept  how many of the jobs' blobs other jobs, bundles or the like name as well: they stay
 * @param at    when it was done, by the dispatcher's clock
 */
record ErasureReport(int jobs, long blobs, long bytes, long kept, Instant at) {}
