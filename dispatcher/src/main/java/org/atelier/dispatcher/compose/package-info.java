/** Jobs that consist of other jobs: what their parts are, and what these come to. */
@NullMarked
package org.atelier.dispatcher.compose;

import org.jspecify.annotations.NullMarked;
