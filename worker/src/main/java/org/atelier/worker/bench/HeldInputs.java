package org.atelier.worker.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.worker.edit.Inputs;

/** The files that a benchmark makes for its own requests. */
final class HeldInputs implements Inputs {
    private final Map<Digest, byte[]> files = new HashMap<>();

    /**
     * Holds a file.
     *
     * @return what requests name it by
     */
    Digest put(byte[] file) {
        var digest = Digest.of(file);
        files.put(digest, file);
        return digest;
    }

    @Override
    public byte[] read(Digest digest) {
        return Optional.ofNullable(files.get(digest)).orElseThrow(() -> new IllegalStateException(
                "this benchmark has no file " + digest));
    }

    @Override
    public Digest find(JobId job, String artifact) {
        throw new IllegalStateException("a benchmark has no other jobs: " + job);
    }
}
