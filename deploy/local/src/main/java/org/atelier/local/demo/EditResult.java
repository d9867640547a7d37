package org.atelier.local.demo;

import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;

/**
 * An edit that succeeded, as {@code summary.json} tells it.
 *
 * @param jobId           its job
 * @param seed            of the face
 * @param prompt          what it should show
 * @param hyperParameters the whole request, with every default filled in
 * @param losses          the last ones, by name
 * @param digests         of everything that the job made, by name
 * @param seconds         from the start of the attempt to its end
 * @param before          file beside the summary
 * @param after           file beside the summary
 */
record EditResult(
        JobId jobId,
        long seed,
        String prompt,
        JobRequest hyperParameters,
        Map<String, Double> losses,
        Map<String, String> digests,
        double seconds,
        String before,
        String after) {
    static Map<String, String> digests(JobView job) {
        var digests = new TreeMap<String, String>();
        job.artifacts().forEach(download -> digests.put(download.artifact().name(), download.artifact().digest()
                .toString()));
        return digests;
    }
}
