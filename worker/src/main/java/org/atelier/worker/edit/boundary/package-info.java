/** InterFaceGAN's boundaries: hyperplanes in W that separate faces with an attribute from faces without, and walks across. */
@NullMarked
package org.atelier.worker.edit.boundary;

import org.jspecify.annotations.NullMarked;
