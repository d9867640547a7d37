/** A worker without networks: the production worker around a runner whose steps wait and hash, and keep a diary. */
@NullMarked
package org.atelier.chaos.worker;

import org.jspecify.annotations.NullMarked;
