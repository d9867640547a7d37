/** Where the tests of whole fleets have their broker, store and database from. */
@NullMarked
package org.atelier.local.servers;

import org.jspecify.annotations.NullMarked;
