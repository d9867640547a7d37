/** Runs jobs again: what is to run is written down first, and then done at a bounded rate, however often it is interrupted. */
@NullMarked
package org.atelier.dispatcher.replay;

import org.jspecify.annotations.NullMarked;
