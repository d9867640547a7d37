/** Networks that tell faces apart, and the body that encoders share with them. */
@NullMarked
package org.atelier.worker.nn.face;

import org.jspecify.annotations.NullMarked;
