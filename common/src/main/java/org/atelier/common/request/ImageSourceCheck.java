package org.atelier.common.request;

import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.List;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.Source;
import org.jspecify.annotations.Nullable;

/** What images need as sources, wherever in a request they are. */
final class ImageSourceCheck {
    private static final String STYLEGAN3 = "stylegan3";
    private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES = new PropertyNamingStrategies.SnakeCaseStrategy();

    private ImageSourceCheck() {}

    static void check(JobRequest request, BundleCard bundle, List<Violation> violations) {
        // An inversion says itself whether it uses the encoder.
        walk("/request", request, bundle.encoder() != null || request instanceof InvertRequest, bundle, violations);
    }

    private static void walk(String field, @Nullable Object value, boolean canInvert, BundleCard bundle,
            List<Violation> violations) {
        switch (value) {
            case Source.Image image -> check(field, image, canInvert, bundle, violations);
            case Collection<?> list -> {
                int index = 0;
                for (var element : list) {
                    walk(field + "/" + index++, element, canInvert, bundle, violations);
                }
            }
            case Record record -> {
                for (var component : record.getClass().getRecordComponents()) {
                    try {
                        walk(field + "/" + NAMES.translate(component.getName()), component.getAccessor().invoke(record),
                                canInvert, bundle, violations);
                    } catch (IllegalAccessException | InvocationTargetException e) {
                        throw new IllegalStateException("a request's fields can be read", e);
                    }
                }
            }
            case null, default -> { // no source
            }
        }
    }

    private static void check(String field, Source.Image image, boolean canInvert, BundleCard bundle,
            List<Violation> violations) {
        if (!canInvert) {
            violations.add(new Violation(field, "is an image, but " + bundle.name()
                    + " has no encoder; find its latent by a job of type invert first, and name that"));
        }
        if (image.cutAlready() && image.landmarks() != null) {
            violations.add(new Violation(field + "/landmarks", "must be left out where aligned is true"));
        }
        if (image.landmarks() != null && image.landmarks().size() != Source.Image.LANDMARKS && image.landmarks()
                .size() != Source.Image.FEWEST_LANDMARKS) {
            violations.add(new Violation(field + "/landmarks", "must be " + Source.Image.LANDMARKS
                    + " points in dlib's order, or " + Source.Image.FEWEST_LANDMARKS
                    + ": left and right eye, nose, left and right corner of the mouth; these are " + image.landmarks()
                            .size()));
        }
        if (image.placement() != null && image.cutAlready()) {
            violations.add(new Violation(field + "/placement",
                    "must be left out where aligned is true: nothing says how the face lies in the photo"));
        }
        if (image.placement() == Source.Image.Placement.PHOTO && !bundle.generator().architecture().equals(
                STYLEGAN3)) {
            violations.add(new Violation(field + "/placement", "must be \"aligned\" or left out: " + bundle.name()
                    + " is no StyleGAN3 and draws aligned faces only"));
        }
        if (image.wantsLandmarks() && bundle.landmarks() == null) {
            violations.add(new Violation(field + "/landmarks", "is missing: " + bundle.name()
                    + " has no network that finds faces. Give 68 or 5 landmarks of the face, or say aligned: true if the"
                    + " image is cut as the generator's pictures are"));
        }
    }
}
