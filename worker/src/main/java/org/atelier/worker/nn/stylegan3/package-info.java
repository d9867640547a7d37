/** StyleGAN3 (Karras et al. 2021), -T and -R, in the names of NVlabs' {@code networks_stylegan3.py}. */
@NullMarked
package org.atelier.worker.nn.stylegan3;

import org.jspecify.annotations.NullMarked;
