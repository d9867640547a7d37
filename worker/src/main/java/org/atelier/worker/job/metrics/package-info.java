/** What a worker counts and measures. */
@NullMarked
package org.atelier.worker.job.metrics;

import org.jspecify.annotations.NullMarked;
