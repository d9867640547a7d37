/** The documents that say who may run what and how it ended: the truth about every job, in the object store. */
@NullMarked
package org.atelier.common.ledger;

import org.jspecify.annotations.NullMarked;
