/** Wakes those who watch jobs. */
@NullMarked
package org.atelier.dispatcher.watch;

import org.jspecify.annotations.NullMarked;
