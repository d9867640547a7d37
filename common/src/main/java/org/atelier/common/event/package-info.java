/** What happens to jobs and workers, as CloudEvents: the closed set of messages that travel through Kafka. */
@NullMarked
package org.atelier.common.event;

import org.jspecify.annotations.NullMarked;
