/** The commands of {@code ./atelier}. */
@NullMarked
package org.atelier.local;

import org.jspecify.annotations.NullMarked;
