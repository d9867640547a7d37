/** Measures what jobs cost on this machine, for people and for comparing versions. */
@NullMarked
package org.atelier.worker.bench;

import org.jspecify.annotations.NullMarked;
