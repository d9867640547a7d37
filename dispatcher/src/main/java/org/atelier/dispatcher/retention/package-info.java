/** Removes what nobody needs or may have any longer: blobs that nothing names, jobs that were kept long enough, jobs of a person. */
@NullMarked
package org.atelier.dispatcher.retention;

import org.jspecify.annotations.NullMarked;
