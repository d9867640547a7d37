/** The dispatcher as a process: its settings, how its parts are put together, started and stopped. */
@NullMarked
package org.atelier.dispatcher;

import org.jspecify.annotations.NullMarked;
