/** The delta mapper: how a latent moves when an embedding of its picture is to move. */
@NullMarked
package org.atelier.worker.nn.delta;

import org.jspecify.annotations.NullMarked;
