package org.atelier.common.request;

import org.atelier.common.job.JobSubmission;

/**
 * A submission that was read and is sound in itself.
 *
 * @param submission  with every default filled in
 * @param fingerprint of what was sent, before defaults: SHA-256 of its canonical JSON. Equal fingerprints are the same
 *                    submission, whatever order or spacing it was sent in
 */
public record ReadSubmission(JobSubmission submission, String fingerprint) {}
