/** From bytes to a typed request: everything that is wrong with a submission is found here, and said precisely. */
@NullMarked
package org.atelier.common.request;

import org.jspecify.annotations.NullMarked;
