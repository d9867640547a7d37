package org.atelier.worker.edit.photo;

import java.util.HashMap;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.face.FaceFinder;
import org.atelier.worker.face.FaceSettings;
import org.atelier.worker.tensor.Picture;

/** Finds the faces of images by a bundle's network, those of an image once. */
public final class FaceSearch {
    private final BundleNetworks networks;
    private final Map<Digest, FoundFaces> known = new HashMap<>();

    /** @param networks stay the caller's */
    public FaceSearch(BundleNetworks networks) {
        this.networks = networks;
    }

    /**
     * Finds the faces of an image.
     *
     * @param image   for messages and results
     * @param picture it, upright
     * @throws JobException INVALID_REQUEST if the bundle has no such network, FACE_NOT_FOUND if there is no face
     */
    FoundFaces find(Digest image, Picture picture) {
        return known.computeIfAbsent(image, unknown -> search(unknown, picture));
    }

    private FoundFaces search(Digest image, Picture picture) {
        var card = networks.card();
        var network = networks.landmarks().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST, card
                .reference() + " has no network that finds faces. Give 68 or 5 landmarks of the face, or say aligned:"
                + " true if the image is cut as the generator's pictures are."));
        var settings = card.landmarks() == null ? FaceSettings.PUBLISHED : FaceSettings.of(card.landmarks().config());
        try (var manager = networks.engine().newManager()) {
            var faces = new FaceFinder(network, settings).find(picture, manager);
            if (faces.isEmpty()) {
                throw new JobException(ErrorCategory.FACE_NOT_FOUND, "No face was found in the image " + image + " of "
                        + picture.width() + " x " + picture.height() + " pixels, upright as its EXIF data say. Give 5"
                        + " landmarks of the face (left and right eye, nose, left and right corner of the mouth), or cut"
                        + " the image as the generator's pictures are and say aligned: true.");
            }
            return FoundFaces.of(image, picture, faces);
        }
    }
}
