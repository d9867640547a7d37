/** What a worker that runs in Kubernetes says of its own pod. */
@NullMarked
package org.atelier.worker.job.pod;

import org.jspecify.annotations.NullMarked;
