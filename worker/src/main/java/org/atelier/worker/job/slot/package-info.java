/** The slot: takes one record at a time from its pool's share group, claims it, and holds it while the attempt runs. */
@NullMarked
package org.atelier.worker.job.slot;

import org.jspecify.annotations.NullMarked;
