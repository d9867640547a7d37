/** A whole fleet on one machine, each part a child process: for the demo, for `up`, and for tests that break it. */
@NullMarked
package org.atelier.local.fleet;

import org.jspecify.annotations.NullMarked;
