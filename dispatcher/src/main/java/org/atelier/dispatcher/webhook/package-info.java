/** Webhooks: who wants to be told of what, what is still to be told, and the telling. */
@NullMarked
package org.atelier.dispatcher.webhook;

import org.jspecify.annotations.NullMarked;
