/** What a benchmark needs inside: a projection with a backlog that nobody has submitted. */
@NullMarked
package org.atelier.dispatcher.bench;

import org.jspecify.annotations.NullMarked;
