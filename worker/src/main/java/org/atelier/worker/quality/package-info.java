/** Judges edits by attributes: whether what the words say has appeared, and how much of the rest has stayed. */
@NullMarked
package org.atelier.worker.quality;

import org.jspecify.annotations.NullMarked;
