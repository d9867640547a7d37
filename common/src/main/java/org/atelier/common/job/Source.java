package org.atelier.common.job;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.atelier.common.artifact.Digest;
import org.jspecify.annotations.Nullable;

/** Where a picture starts: a seed, a stored latent, the latent that another job makes, or an image. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
        @JsonSubTypes.Type(Source.Seed.class),
        @JsonSubTypes.Type(Source.Latent.class),
        @JsonSubTypes.Type(Source.Result.class),
        @JsonSubTypes.Type(Source.Image.class)})
public sealed interface Source {
    /** Largest seed: NumPy's {@code RandomState} takes 32 bits. */
    long MAX_SEED = 0xFFFF_FFFFL;

    /** The job whose success the source waits for, if there is one. */
    default Optional<JobId> parent() {
        return Optional.empty();
    }

    /**
     * A seed, as the published generators use it: z is {@code RandomState(seed).randn(1, z_dim)}, so seed 85 is the same
     * face as everywhere else.
     *
     * @param seed 0 to 2^32-1
     */
    record Seed(@NotNull @Min(0) @Max(MAX_SEED) long seed) implements Source {}

    /**
     * A stored latent: a safetensors blob with one tensor {@code z} [1, Z], {@code w} [1, C] or {@code w+} [1, L, C]. It
     * is used as it is: truncation applies to seeds only.
     *
     * @param latent the blob
     */
    record Latent(@NotNull Digest latent) implements Source {}

    /**
     * A latent that another job of the same tenant makes, in its first run that succeeded.
     *
     * @param job      that makes it; the request waits until it has succeeded
     * @param artifact its name in the job's result; absent: {@value #LATENT}
     */
    record Result(@NotNull JobId job, @Nullable @Size(max = Input.MAX_NAME) String artifact) implements Source {
        /** What jobs that make one latent call it. */
        public static final String LATENT = "latent.safetensors";

        @Override
        public Optional<JobId> parent() {
            return Optional.of(job);
        }
    }

    /**
     * An image, which the bundle's encoder turns into a latent: a PNG or JPEG blob, turned upright as its EXIF data say.
     * It must be cut as the pictures that the generator was trained on: at landmarks that are given, or that the bundle's
     * network finds, or it is cut already.
     *
     * @param image     the blob, such as {@code POST /v1/uploads} stores
     * @param landmarks points [x, y] of the face in the upright image, in pixels: 68 in dlib's order, or 5, which are the left
     *                  and the right eye as seen in the image, the nose, the left and the right corner of the mouth. The
     *                  face is cut out as FFHQ's are. Absent, and not aligned: the bundle's network finds them, in the
     *                  largest face
     * @param aligned   true: the image is cut already; its middle square is used
     * @param placement of a face that is cut out: where its picture lies; absent: as in the photo if the generator is a
     *                  StyleGAN3, else as aligned
     */
    record Image(
            @NotNull Digest image,
            @Nullable @Size(min = FEWEST_LANDMARKS, max = LANDMARKS) List<@Size(min = 2, max = 2) List<@NotNull Double>> landmarks,
            @Nullable Boolean aligned,
            @Nullable Placement placement) implements Source {
        /** Landmarks of a face: all of dlib's. */
        public static final int LANDMARKS = 68;
        /** Landmarks of a face: those that networks find. */
        public static final int FEWEST_LANDMARKS = 5;

        /** Where the picture of a photo lies in its frame. */
        public enum Placement {
            /** Turned and placed as the face is in the photo's upright square around it; a StyleGAN3 can. */
            @JsonProperty("photo")
            PHOTO,
            /** Upright and centred, as faces are aligned. */
            @JsonProperty("aligned")
            ALIGNED
        }

        public Image {
            landmarks = landmarks == null ? null : landmarks.stream().map(List::copyOf).toList();
        }

        /** Whether the image is cut already. */
        public boolean cutAlready() {
            return Boolean.TRUE.equals(aligned);
        }

        /** Whether a network is to find the face. */
        public boolean wantsLandmarks() {
            return landmarks == null && !cutAlready();
        }

        /** An image that is cut already. */
        public static Image aligned(Digest image) {
            return new Image(image, null, true, null);
        }
    }
}
