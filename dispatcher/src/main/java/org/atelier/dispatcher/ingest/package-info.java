/** Takes in what the topics bring: requests become jobs, events move them on. */
@NullMarked
package org.atelier.dispatcher.ingest;

import org.jspecify.annotations.NullMarked;
