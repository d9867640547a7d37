/** Bytes of checkpoint files: bounds-checked regions of a mapped file, zip archives, limits, and the one way to refuse. */
@NullMarked
package org.atelier.worker.checkpoint.io;

import org.jspecify.annotations.NullMarked;
