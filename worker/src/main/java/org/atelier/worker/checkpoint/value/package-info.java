/** What a checkpoint file says, as data: a closed tree of values, and tensors that stay in the file until asked for. */
@NullMarked
package org.atelier.worker.checkpoint.value;

import org.jspecify.annotations.NullMarked;
