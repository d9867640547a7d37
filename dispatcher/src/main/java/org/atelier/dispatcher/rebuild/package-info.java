/** Makes the projection anew: from the topics, and from the store for what those no longer hold. */
@NullMarked
package org.atelier.dispatcher.rebuild;

import org.jspecify.annotations.NullMarked;
