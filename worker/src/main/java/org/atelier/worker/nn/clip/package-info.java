/** CLIP (Radford et al. 2021) in the names of OpenAI's {@code clip/model.py}: what a picture and a text have in common. */
@NullMarked
package org.atelier.worker.nn.clip;

import org.jspecify.annotations.NullMarked;
