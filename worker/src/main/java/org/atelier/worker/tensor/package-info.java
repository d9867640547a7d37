/**
 * What networks are made of: the tensor engine and its memory discipline, small operators with exact definitions,
 * pictures, NumPy's random numbers and the optimisers.
 */
@NullMarked
package org.atelier.worker.tensor;

import org.jspecify.annotations.NullMarked;
