/** Autoscalers as their documents describe them, over the deciding half of a dispatcher as it runs in production, in simulated time. */
@NullMarked
package org.atelier.dispatcher.scaling;

import org.jspecify.annotations.NullMarked;
