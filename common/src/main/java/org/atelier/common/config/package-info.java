/** Typed settings, read once from the environment. */
@NullMarked
package org.atelier.common.config;

import org.jspecify.annotations.NullMarked;
