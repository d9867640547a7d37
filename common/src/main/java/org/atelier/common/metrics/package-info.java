/** What the processes count and measure, by name and meaning. */
@NullMarked
package org.atelier.common.metrics;

import org.jspecify.annotations.NullMarked;
