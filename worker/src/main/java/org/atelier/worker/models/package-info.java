/** Bundles from published files and back: {@code atelier models import|list|show|verify|export}. */
@NullMarked
package org.atelier.worker.models;

import org.jspecify.annotations.NullMarked;
