/** The worker process: takes attempts from its pool, runs them, and ends them exactly once. */
@NullMarked
package org.atelier.worker.job;

import org.jspecify.annotations.NullMarked;
