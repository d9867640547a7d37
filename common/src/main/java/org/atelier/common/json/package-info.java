/** The one JSON mapper of Atelier: snake_case names, strict reading, ISO-8601 times. */
@NullMarked
package org.atelier.common.json;

import org.jspecify.annotations.NullMarked;
