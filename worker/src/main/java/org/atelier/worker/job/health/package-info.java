/** What a worker says about itself: signs of life for the dispatcher, health and metrics for operators. */
@NullMarked
package org.atelier.worker.job.health;

import org.jspecify.annotations.NullMarked;
