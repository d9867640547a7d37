/** The object store: one interface, one class that calls S3, and the layout of the keys. */
@NullMarked
package org.atelier.common.store;

import org.jspecify.annotations.NullMarked;
