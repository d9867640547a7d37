/** StyleGAN (Karras et al. 2018), with adaptive instance normalisation, in the names of its published PyTorch form. */
@NullMarked
package org.atelier.worker.nn.stylegan1;

import org.jspecify.annotations.NullMarked;
