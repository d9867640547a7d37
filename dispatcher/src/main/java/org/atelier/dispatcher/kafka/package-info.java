/** Every call that the dispatcher makes to Kafka: provisioning, reading topics, the ready topics. */
@NullMarked
package org.atelier.dispatcher.kafka;

import org.jspecify.annotations.NullMarked;
