/** What happened to a fleet, as observers saw it, and what is wrong with that. */
@NullMarked
package org.atelier.chaos.history;

import org.jspecify.annotations.NullMarked;
