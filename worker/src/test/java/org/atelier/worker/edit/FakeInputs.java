package org.atelier.worker.edit;

import java.util.HashMap;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;

/** The inputs that a test gives. To ask for others is a fault of the edit. */
public final class FakeInputs implements Inputs {
    private final Map<Digest, byte[]> files = new HashMap<>();
    private final Map<String, Digest> results = new HashMap<>();

    /** A stored file. */
    public FakeInputs with(byte[] file) {
        files.put(Digest.of(file), file);
        return this;
    }

    /** A file that another job made. */
    public FakeInputs with(JobId job, String artifact, byte[] file) {
        results.put(job + "/" + artifact, Digest.of(file));
        return with(file);
    }

    @Override
    public byte[] read(Digest digest) {
        return given(files.get(digest), digest.toString());
    }

    @Override
    public Digest find(JobId job, String artifact) {
        return given(results.get(job + "/" + artifact), artifact + " of " + job);
    }

    private static <T> T given(T value, String what) {
        if (value == null) {
            throw new AssertionError("nobody gave " + what);
        }
        return value;
    }
}
