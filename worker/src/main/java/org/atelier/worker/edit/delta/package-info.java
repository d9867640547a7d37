/** Edits by a delta mapper: its training, its use in milliseconds, and gates that refine what it proposes. */
@NullMarked
package org.atelier.worker.edit.delta;

import org.jspecify.annotations.NullMarked;
