/** Networks in the names and shapes of their published checkpoints, and how their weights are loaded. */
@NullMarked
package org.atelier.worker.nn;

import org.jspecify.annotations.NullMarked;
