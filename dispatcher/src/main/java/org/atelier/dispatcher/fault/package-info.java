/** Tells what is away for a while, and will be tried again, from what is wrong for good. */
@NullMarked
package org.atelier.dispatcher.fault;

import org.jspecify.annotations.NullMarked;
