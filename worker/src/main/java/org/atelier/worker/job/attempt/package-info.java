/** One attempt from its claim to its end: running, staying alive, committing. */
@NullMarked
package org.atelier.worker.job.attempt;

import org.jspecify.annotations.NullMarked;
