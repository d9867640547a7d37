/** Images that people bring: read within limits, turned upright, cut as a generator's pictures, and seen by an encoder. */
@NullMarked
package org.atelier.worker.edit.photo;

import org.jspecify.annotations.NullMarked;
