/** A fleet of real processes that is broken on purpose, and what came of every job. */
@NullMarked
package org.atelier.local.chaos;

import org.jspecify.annotations.NullMarked;
