/** A fleet in one thread at a time: production classes under simulated time, store, topics, processes and faults. */
@NullMarked
package org.atelier.chaos.simulation;

import org.jspecify.annotations.NullMarked;
