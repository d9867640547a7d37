package org.atelier.worker.edit.direction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ai.djl.ndarray.NDManager;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.common.job.DirectionTrainRequest.Measurement;
import org.atelier.common.job.DirectionTrainRequest.Statistics;
import org.atelier.common.job.DirectionTrainRequest.TruncatedRows;
import org.atelier.common.job.Input;
import org.atelier.common.job.Truncation;
import org.jspecify.annotations.Nullable;

/**
 * The table of the bundle that comes with the project: what a {@code direction-train} job of {@link #request} with all
 * channels made, in tens of minutes on two busy cores. {@link DirectionTrainingTest} measures some of it again.
 */
final class AvatarTable {
    static final Path BUNDLE = Path.of("../models/avatar-128");
    static final Path FILE = Path.of("src/test/resources/org/atelier/worker/edit/direction/avatar-128.safetensors");

    private static final int SAMPLES = 20_000;
    private static final int IMAGES = 8;
    private static final int BATCH = 32;

    private AvatarTable() {}

    /** What made it, for a part of the channels. */
    static DirectionTrainRequest request(@Nullable Channels channels) {
        return request(channels, List.of());
    }

    /** What puts its parts together. */
    static DirectionTrainRequest merging(List<Input> parts) {
        return request(null, parts);
    }

    private static DirectionTrainRequest request(@Nullable Channels channels, List<Input> parts) {
        return new DirectionTrainRequest("avatar-128", null, new Statistics(SAMPLES, 5L, new Truncation(0.7, 8),
                TruncatedRows.EACH), IMAGES, DirectionTrainRequest.STRENGTH, Measurement.ISOLATED, channels, parts,
                BATCH);
    }

    static DirectionTable read(NDManager manager) {
        return DirectionTable.read(FILE.toString(), bytes(), manager);
    }

    static byte[] bytes() {
        try {
            return Files.readAllBytes(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
