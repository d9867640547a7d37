/** What can go wrong with a job, as a closed set that callers, operators and retry rules share. */
@NullMarked
package org.atelier.common.error;

import org.jspecify.annotations.NullMarked;
