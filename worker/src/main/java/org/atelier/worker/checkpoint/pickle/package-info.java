/** The restricted unpickler: a short list of opcodes and of known names, turned into values and never into code. */
@NullMarked
package org.atelier.worker.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
