/** The spans of a dispatcher: what happens to a job before it is run and after it has ended. */
@NullMarked
package org.atelier.dispatcher.trace;

import org.jspecify.annotations.NullMarked;
