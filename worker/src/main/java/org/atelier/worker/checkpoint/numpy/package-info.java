/** The containers that NumPy writes: {@code .npy} and {@code .npz}. */
@NullMarked
package org.atelier.worker.checkpoint.numpy;

import org.jspecify.annotations.NullMarked;
