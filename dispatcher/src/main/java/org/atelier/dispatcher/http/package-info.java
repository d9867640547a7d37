/** The HTTP API: from requests to calls, and from answers and errors to documents. Nothing is decided here. */
@NullMarked
package org.atelier.dispatcher.http;

import org.jspecify.annotations.NullMarked;
