/** The way in: opens a published file of any kind, found out by its content, and says what it holds. */
@NullMarked
package org.atelier.worker.checkpoint.published;

import org.jspecify.annotations.NullMarked;
