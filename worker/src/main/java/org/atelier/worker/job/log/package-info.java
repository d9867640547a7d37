/** The last lines that were logged within each attempt. */
@NullMarked
package org.atelier.worker.job.log;

import org.jspecify.annotations.NullMarked;
