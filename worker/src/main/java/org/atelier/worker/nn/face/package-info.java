/** Networks that look at faces: the identity network, and an encoder from pictures to latents with the same body. */
@NullMarked
package org.atelier.worker.nn.face;

import org.jspecify.annotations.NullMarked;
