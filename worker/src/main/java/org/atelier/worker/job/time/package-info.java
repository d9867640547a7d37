/** Time and waiting, so that tests and simulations can bring their own. */
@NullMarked
package org.atelier.worker.job.time;

import org.jspecify.annotations.NullMarked;
