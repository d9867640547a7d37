/** Networks that move a latent towards a text they were trained for (StyleCLIP, section 5). */
@NullMarked
package org.atelier.worker.nn.mapper;

import org.jspecify.annotations.NullMarked;
