/** The documents of the HTTP API, shared by the dispatcher that writes them and the clients that read them. */
@NullMarked
package org.atelier.common.api;

import org.jspecify.annotations.NullMarked;
