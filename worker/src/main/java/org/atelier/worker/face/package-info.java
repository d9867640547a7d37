/** Aligning faces as the training pictures of face generators are aligned, in plain Java. */
@NullMarked
package org.atelier.worker.face;

import org.jspecify.annotations.NullMarked;
