/** Bundles on the local disk: fetched by digest, shared by the workers of a machine. */
@NullMarked
package org.atelier.worker.job.bundle;

import org.jspecify.annotations.NullMarked;
