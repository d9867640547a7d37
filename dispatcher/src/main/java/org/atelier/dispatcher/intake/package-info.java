/** What callers ask for: new jobs, and the end of jobs. The same code serves HTTP and Kafka. */
@NullMarked
package org.atelier.dispatcher.intake;

import org.jspecify.annotations.NullMarked;
