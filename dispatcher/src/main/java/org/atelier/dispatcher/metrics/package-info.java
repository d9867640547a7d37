/** What the dispatcher counts and measures. */
@NullMarked
package org.atelier.dispatcher.metrics;

import org.jspecify.annotations.NullMarked;
