/** The demo: a few edits from request to picture, and a sheet that shows them. */
@NullMarked
package org.atelier.local.demo;

import org.jspecify.annotations.NullMarked;
