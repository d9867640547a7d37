/** Pictures for people: contact sheets and curves, drawn alike on every machine. */
@NullMarked
package org.atelier.worker.edit.picture;

import org.jspecify.annotations.NullMarked;
