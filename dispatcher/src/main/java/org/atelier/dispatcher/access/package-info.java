/** Who asks for something. */
@NullMarked
package org.atelier.dispatcher.access;

import org.jspecify.annotations.NullMarked;
