/** Lets the edit methods run as jobs: one runner for all of them, and the networks that stay loaded between two jobs. */
@NullMarked
package org.atelier.worker.job.edit;

import org.jspecify.annotations.NullMarked;
