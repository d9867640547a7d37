/** The contract between the job machinery and whoever computes: one runner a job type, and what it is given. */
@NullMarked
package org.atelier.worker.job.runner;

import org.jspecify.annotations.NullMarked;
