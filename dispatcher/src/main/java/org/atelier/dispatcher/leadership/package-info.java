/** Which of several dispatchers reads the topics and decides. Nothing that is right depends on there being one only. */
@NullMarked
package org.atelier.dispatcher.leadership;

import org.jspecify.annotations.NullMarked;
