/** Networks that find the latent of a picture in one pass, or in a few (pSp, e4e, ReStyle). */
@NullMarked
package org.atelier.worker.nn.encoder;

import org.jspecify.annotations.NullMarked;
