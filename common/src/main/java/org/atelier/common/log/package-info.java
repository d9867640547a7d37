/** What lines of logs have in common in all processes: which job they are about, and how they are written. */
@NullMarked
package org.atelier.common.log;

import org.jspecify.annotations.NullMarked;
