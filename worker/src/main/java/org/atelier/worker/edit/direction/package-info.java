/**
 * StyleCLIP's global directions: a table of what each channel of StyleSpace does to CLIP's view of a picture, measured
 * once, and edits that any text then picks from it.
 */
@NullMarked
package org.atelier.worker.edit.direction;

import org.jspecify.annotations.NullMarked;
