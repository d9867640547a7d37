/** The card of a bundle: which networks belong together, and what they can do. */
@NullMarked
package org.atelier.common.bundle;

import org.jspecify.annotations.NullMarked;
