/** What runs inside every child process before its own main class; it needs nothing but the JDK. */
@NullMarked
package org.atelier.local.tether;

import org.jspecify.annotations.NullMarked;
