package org.atelier.worker.edit.delta;

import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.nn.delta.DeltaMapper;
import org.jspecify.annotations.Nullable;

/** The file of a delta mapper. Its texts say for which networks it was made. */
public final class DeltaMapperFile {
    /** What a training job calls it. */
    public static final String NAME = "delta-mapper.safetensors";

    private static final String GENERATOR = "generator_sha256";
    private static final String CLIP = "clip_sha256";

    private DeltaMapperFile() {}

    static Map<String, String> metadata(BundleCard bundle, DeltaTrainRequest request, double explained) {
        var metadata = new TreeMap<String, String>();
        metadata.put("bundle", bundle.reference());
        metadata.put(GENERATOR, bundle.generator().sha256());
        metadata.put(CLIP, sha256(bundle.clip()));
        metadata.put("neutral", Json.text(request.neutral()));
        metadata.put("samples", request.samples().toString());
        metadata.put("steps", request.steps().toString());
        metadata.put("seed", request.seed().toString());
        metadata.put("explained", Double.toString(explained));
        return metadata;
    }

    private static String sha256(@Nullable NetworkCard card) {
        return card == null ? "" : card.sha256();
    }

    /**
     * A mapper that an edit uses.
     *
     * @param mapper     the network
     * @param isBorrowed whether it belongs to the bundle's networks and stays open
     */
    record Lent(DeltaMapper mapper, boolean isBorrowed) implements AutoCloseable {
        @Override
        public void close() {
            if (!isBorrowed) {
                mapper.close();
            }
        }
    }

    /**
     * The mapper that a request means: the one it names, or else the bundle's own. Not to be opened while a scope is open.
     *
     * @throws JobException INVALID_REQUEST if the bundle has none and none is named, INPUT_UNREADABLE if the file is no
     *                      mapper, or one for other networks
     */
    static Lent open(@Nullable Input named, BundleNetworks networks, Inputs inputs) {
        if (named != null) {
            return new Lent(read(inputs.read(named, NAME), networks), false);
        }
        return new Lent(networks.delta().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                "The bundle " + networks.card().reference()
                        + " has no delta mapper. Train one by a delta-train job and name it in \"mapper\".")), true);
    }

    private static DeltaMapper read(byte[] bytes, BundleNetworks networks) {
        try (var file = SafetensorsFile.of("the delta mapper", bytes)) {
            var card = networks.card();
            requireSame(file.metadata().get(GENERATOR), card.generator().sha256(), "generator", card);
            requireSame(file.metadata().get(CLIP), sha256(card.clip()), "CLIP", card);
            return DeltaMapper.load(file, networks.engine());
        } catch (RefusedFileException | WeightMismatchException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "This is no delta mapper: " + e.getMessage(), e);
        }
    }

    private static void requireSame(@Nullable String learned, String present, String network, BundleCard card) {
        if (!present.equals(learned)) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "This delta mapper was trained with another "
                    + network + " than that of " + card.reference()
                    + ". Train one for this bundle by a delta-train job.");
        }
    }
}
