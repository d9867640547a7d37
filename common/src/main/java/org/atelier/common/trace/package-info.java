/** Where something stands in a trace, as the W3C's Trace Context writes it down; nothing here needs a tracing library. */
@NullMarked
package org.atelier.common.trace;

import org.jspecify.annotations.NullMarked;
