/** For services that use a fleet: jobs are sent, watched and fetched over the dispatcher's HTTP API. */
@NullMarked
package org.atelier.common.client;

import org.jspecify.annotations.NullMarked;
