/** Records of topics as the rest of the dispatcher sees them, without the client that fetched them. */
@NullMarked
package org.atelier.dispatcher.topic;

import org.jspecify.annotations.NullMarked;
