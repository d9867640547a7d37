package org.atelier.worker.edit;

import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.LatentSpace;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.nn.Placement;

/**
 * What a latent's file says beside its tensors: {@code bundle}, {@code space}, of a z how its w is truncated ({@code psi},
 * {@code cutoff}), and of a photo that keeps its place, where that is: {@code placement}, three numbers with blanks between
 * them, see {@link Placement}.
 */
final class LatentMetadata {
    private static final String BUNDLE = "bundle";
    private static final String SPACE = "space";
    private static final String PSI = "psi";
    private static final String CUTOFF = "cutoff";
    private static final String PLACEMENT = "placement";

    private LatentMetadata() {}

    static Map<String, String> of(String bundle, LatentSpace space, Latents.Truncated truncated, Placement placement) {
        var metadata = new TreeMap<String, String>();
        metadata.put(BUNDLE, bundle);
        metadata.put(SPACE, space.wireName());
        if (space == LatentSpace.Z) {
            metadata.put(PSI, Double.toString(truncated.psi()));
            metadata.put(CUTOFF, Integer.toString(truncated.cutoff()));
        }
        if (!placement.isNone()) {
            metadata.put(PLACEMENT, placement.right() + " " + placement.down() + " " + placement.degrees());
        }
        return metadata;
    }

    static Latents.Truncated truncated(SafetensorsFile file) {
        var metadata = file.metadata();
        try {
            return metadata.containsKey(PSI)
                    ? new Latents.Truncated(Double.parseDouble(metadata.get(PSI)), Integer.parseInt(metadata
                            .getOrDefault(CUTOFF, "0")))
                    : Latents.Truncated.NOT;
        } catch (NumberFormatException e) {
            throw unreadable("truncation", e);
        }
    }

    static Placement placement(SafetensorsFile file) {
        var written = file.metadata().get(PLACEMENT);
        if (written == null) {
            return Placement.NONE;
        }
        try {
            var numbers = written.split(" ");
            if (numbers.length != 3) {
                throw new IllegalArgumentException("it is \"" + written + "\" and not three numbers");
            }
            return new Placement(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(
                    numbers[2]));
        } catch (IllegalArgumentException e) {
            throw unreadable("placement", e);
        }
    }

    private static JobException unreadable(String what, IllegalArgumentException e) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, "The latent's " + what + " cannot be read: " + e
                .getMessage(), e);
    }
}
