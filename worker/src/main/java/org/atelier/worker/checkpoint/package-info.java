/** Files that hold weights and latents, and the networks of a bundle that are built from them. */
@NullMarked
package org.atelier.worker.checkpoint;

import org.jspecify.annotations.NullMarked;
