/** A broker that asks who comes and what they may do, and a fleet that has to get by with what the documents tell operators to allow. */
@NullMarked
package org.atelier.local.kafka;

import org.jspecify.annotations.NullMarked;
