/** Pictures that callers bring: through the dispatcher, or past it straight into the store. */
@NullMarked
package org.atelier.dispatcher.upload;

import org.jspecify.annotations.NullMarked;
