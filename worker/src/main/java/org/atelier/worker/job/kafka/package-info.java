/** Every Kafka call of a worker that is not sending: the share consumer of a slot, and the broadcast of cancels. */
@NullMarked
package org.atelier.worker.job.kafka;

import org.jspecify.annotations.NullMarked;
