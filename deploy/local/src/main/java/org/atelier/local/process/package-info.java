/** Child processes: started, awaited by a real condition, stopped, killed, frozen, and never left behind. */
@NullMarked
package org.atelier.local.process;

import org.jspecify.annotations.NullMarked;
