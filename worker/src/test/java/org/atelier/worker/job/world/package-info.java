/** A fleet in memory: time, share group, store, publisher and runner that a test drives and breaks. */
@NullMarked
package org.atelier.worker.job.world;

import org.jspecify.annotations.NullMarked;
