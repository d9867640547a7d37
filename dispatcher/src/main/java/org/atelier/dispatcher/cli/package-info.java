/** The command line: a client of the HTTP API that knows nothing else of the dispatcher. */
@NullMarked
package org.atelier.dispatcher.cli;

import org.jspecify.annotations.NullMarked;
