/** StyleGAN2 (Karras et al. 2020) in the names of NVlabs' {@code networks_stylegan2.py}. */
@NullMarked
package org.atelier.worker.nn.stylegan2;

import org.jspecify.annotations.NullMarked;
