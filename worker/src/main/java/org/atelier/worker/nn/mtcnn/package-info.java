/** The three networks of MTCNN, which find faces and five landmarks of each; the cascade is in {@code worker.face}. */
@NullMarked
package org.atelier.worker.nn.mtcnn;

import org.jspecify.annotations.NullMarked;
