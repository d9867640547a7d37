/** The safetensors container, as an importer needs it: where each tensor lies. */
@NullMarked
package org.atelier.worker.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;
