/** The containers that PyTorch writes: zip, legacy, and TorchScript archives, of which only the weights are read. */
@NullMarked
package org.atelier.worker.checkpoint.torch;

import org.jspecify.annotations.NullMarked;
