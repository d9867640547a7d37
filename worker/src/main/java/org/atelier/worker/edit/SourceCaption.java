package org.atelier.worker.edit;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.Source;

/** What a source is called beside its picture. */
public final class SourceCaption {
    /** Enough of a digest to tell two apart: its algorithm and some digits. */
    private static final int DIGITS = 15;

    private SourceCaption() {}

    /** A few letters. */
    public static String of(Source source) {
        return switch (source) {
            case Source.Seed seed -> "seed " + seed.seed();
            case Source.Latent latent -> brief(latent.latent());
            case Source.Image image -> brief(image.image());
            case Source.Result result -> result.job().toString();
        };
    }

    private static String brief(Digest digest) {
        return digest.toString().substring(0, DIGITS);
    }
}
