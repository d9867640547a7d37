/** One Kafka broker for one machine: it is its own controller, and its data and port survive a restart. */
@NullMarked
package org.atelier.broker;

import org.jspecify.annotations.NullMarked;
