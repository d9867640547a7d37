/** Pictures that people upload, as far as their headers tell. */
@NullMarked
package org.atelier.common.picture;

import org.jspecify.annotations.NullMarked;
