package org.atelier.worker.job.attempt;

import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.BlobStore;
import org.atelier.worker.job.bundle.BundleCache;

/**
 * The object store, as attempts use it.
 *
 * @param ledger      the documents of jobs
 * @param heartLedger the same, through a client of its own with short timeouts: for leases
 * @param blobs       inputs and results
 * @param bundles     networks
 */
public record Stores(JobLedger ledger, JobLedger heartLedger, BlobStore blobs, BundleCache bundles) {}
