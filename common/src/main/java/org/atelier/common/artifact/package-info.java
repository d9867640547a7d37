/** Blobs that jobs read and write, named by what they contain. */
@NullMarked
package org.atelier.common.artifact;

import org.jspecify.annotations.NullMarked;
