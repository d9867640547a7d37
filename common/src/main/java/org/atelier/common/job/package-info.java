/** Jobs as callers write them: typed requests with the published defaults, and the names of jobs, runs and attempts. */
@NullMarked
package org.atelier.common.job;

import org.jspecify.annotations.NullMarked;
