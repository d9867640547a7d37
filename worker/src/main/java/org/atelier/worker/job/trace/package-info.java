/** The spans of a worker: one for each attempt, and within it one for each phase that is worth seeing. */
@NullMarked
package org.atelier.worker.job.trace;

import org.jspecify.annotations.NullMarked;
