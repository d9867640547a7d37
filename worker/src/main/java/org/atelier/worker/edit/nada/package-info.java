/** StyleGAN-NADA: tunes a generator towards a text or towards pictures, by the directions in which CLIP's features move. */
@NullMarked
package org.atelier.worker.edit.nada;

import org.jspecify.annotations.NullMarked;
