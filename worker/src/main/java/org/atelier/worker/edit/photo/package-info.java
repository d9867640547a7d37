/** Images that people bring: read within limits, turned upright, their faces found, cut as a generator's pictures, and seen by an encoder. */
@NullMarked
package org.atelier.worker.edit.photo;

import org.jspecify.annotations.NullMarked;
