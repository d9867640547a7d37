package org.atelier.common.client;

import java.nio.file.Path;

import org.atelier.common.api.JobView;

/** What a job made. */
public final class JobResult {
    private final ApiConnection api;
    private final JobView view;

    JobResult(ApiConnection api, JobView view) {
        this.api = api;
        this.view = view;
    }

    /** The job as it stood when it had ended: its artifacts, its summary, where its time went. */
    public JobView view() {
        return view;
    }

    /**
     * Reads an artifact into a file, which is replaced, and checks its digest.
     *
     * @param artifact its name, for example {@code after.png}
     * @throws IllegalArgumentException     if the job made no such thing; the message lists what it made
     * @throws java.io.UncheckedIOException if it cannot be fetched or written, or arrives damaged
     */
    public void save(String artifact, Path file) throws InterruptedException {
        var download = view.artifacts()
                .stream()
                .filter(candidate -> candidate.artifact().name().equals(artifact))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the job " + view.id() + " made no \"" + artifact
                        + "\"; it made " + view.artifacts().stream().map(each -> each.artifact().name()).toList()));
        api.download(download, file);
    }
}
