/** The chart, its dashboards and alerts, and the compose file, held against the code and against what they are written for. */
@NullMarked
package org.atelier.helm;

import org.jspecify.annotations.NullMarked;
