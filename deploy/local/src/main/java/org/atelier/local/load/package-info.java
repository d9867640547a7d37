/** What a dispatcher takes, and what it costs: a fleet whose jobs compute nothing, and the figures that it gave. */
@NullMarked
package org.atelier.local.load;

import org.jspecify.annotations.NullMarked;
