/** An S3 store for one machine: objects are files on its disk, and creation of an absent key is atomic. */
@NullMarked
package org.atelier.store;

import org.jspecify.annotations.NullMarked;
