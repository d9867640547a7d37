/** A network that can be broken: a TCP proxy whose links can be cut, held, slowed, and made to speak bad HTTP. */
@NullMarked
package org.atelier.chaos.proxy;

import org.jspecify.annotations.NullMarked;
