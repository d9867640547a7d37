package org.atelier.worker.edit.mapper;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.worker.nn.mapper.LatentMapper.Levels;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a trained mapper beside its weights; the metadata of its file. The published files have none of it.
 *
 * @param version        of this layout
 * @param bundle         that it was trained with: {@code name@version}
 * @param prompt         that it was trained for
 * @param neutral        what the prompt was compared with
 * @param kind           of the request
 * @param factor         what its output is multiplied by, in training and in use
 * @param maxDelta       longest move of a row or a layer's style after the factor; null: no bound
 * @param rows           of the generator
 * @param mediumRow      first row of the medium level
 * @param fineRow        first row of the fine level
 * @param step           steps after which it was in this state
 * @param validationLoss of this state; null: nothing was held back for validation
 */
record MapperCard(
        int version,
        String bundle,
        String prompt,
        String neutral,
        String kind,
        double factor,
        @Nullable Double maxDelta,
        int rows,
        int mediumRow,
        int fineRow,
        int step,
        @Nullable Double validationLoss) {
    /** The newest layout. */
    static final int VERSION = 1;

    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "atelier-mapper";
    private static final String VERSION_KEY = "version";

    /** Metadata of a file. */
    Map<String, String> metadata() {
        var metadata = new TreeMap<String, String>();
        metadata.put(FORMAT, FORMAT_NAME);
        metadata.put(VERSION_KEY, Integer.toString(version));
        metadata.put("bundle", bundle);
        metadata.put("prompt", prompt);
        metadata.put("neutral", neutral);
        metadata.put("kind", kind);
        metadata.put("factor", Double.toString(factor));
        Optional.ofNullable(maxDelta).ifPresent(bound -> metadata.put("max_delta", Double.toString(bound)));
        metadata.put("rows", Integer.toString(rows));
        metadata.put("levels", mediumRow + "," + fineRow);
        metadata.put("step", Integer.toString(step));
        Optional.ofNullable(validationLoss).ifPresent(loss -> metadata.put("validation_loss", Double.toString(loss)));
        return metadata;
    }

    /**
     * The card in a file's metadata.
     *
     * @return empty if it has none, as the files of StyleCLIP
     * @throws JobException INPUT_UNREADABLE if it is damaged, or newer than this
     */
    static Optional<MapperCard> of(Map<String, String> metadata) {
        if (!FORMAT_NAME.equals(metadata.get(FORMAT))) {
            return Optional.empty();
        }
        try {
            int version = Integer.parseInt(required(metadata, VERSION_KEY));
            if (version > VERSION) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The mapper's file has the layout " + version
                        + ", this worker knows " + VERSION + " and older ones. Let a newer worker run the job.");
            }
            var levels = required(metadata, "levels").split(",", -1);
            return Optional.of(new MapperCard(version, required(metadata, "bundle"), required(metadata, "prompt"),
                    required(metadata, "neutral"), required(metadata, "kind"), Double.parseDouble(required(metadata,
                            "factor")), number(metadata, "max_delta"), Integer.parseInt(required(metadata, "rows")),
                    Integer.parseInt(levels[0]), Integer.parseInt(levels[1]), Integer.parseInt(required(metadata,
                            "step")), number(metadata, "validation_loss")));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The metadata of the mapper's file are damaged: " + e
                    .getMessage(), e);
        }
    }

    private static String required(Map<String, String> metadata, String key) {
        return Optional.ofNullable(metadata.get(key)).orElseThrow(() -> new IllegalArgumentException("there is no "
                + key));
    }

    private static @Nullable Double number(Map<String, String> metadata, String key) {
        var text = metadata.get(key);
        return text == null ? null : Double.valueOf(text);
    }

    /** Where its levels meet. */
    Levels levels() {
        return new Levels(mediumRow, fineRow);
    }
}
