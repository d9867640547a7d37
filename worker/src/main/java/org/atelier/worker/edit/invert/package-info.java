/** Finding the latent of an image: projector, encoder, pivotal tuning. */
@NullMarked
package org.atelier.worker.edit.invert;

import org.jspecify.annotations.NullMarked;
