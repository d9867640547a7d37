/** The wiring to Kafka that both processes share: addresses, topic names, the form of a record, and sending. */
@NullMarked
package org.atelier.common.kafka;

import org.jspecify.annotations.NullMarked;
