/** Text in pictures, drawn alike on every machine. */
@NullMarked
package org.atelier.common.lettering;

import org.jspecify.annotations.NullMarked;
