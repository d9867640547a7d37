/** The latent mapper of StyleCLIP: its training for one text, its file, and its use on any number of latents. */
@NullMarked
package org.atelier.worker.edit.mapper;

import org.jspecify.annotations.NullMarked;
