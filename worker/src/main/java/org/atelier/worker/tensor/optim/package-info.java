/** Optimisers whose whole state can be stored and restored, and the schedules of their learning rates. */
@NullMarked
package org.atelier.worker.tensor.optim;

import org.jspecify.annotations.NullMarked;
