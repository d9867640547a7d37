package org.atelier.worker.edit.photo;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Source;
import org.atelier.worker.face.CropQuad;
import org.atelier.worker.face.FaceAlignment;
import org.atelier.worker.face.FiveLandmarks;
import org.atelier.worker.face.Point;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;

/**
 * An image, cut as the pictures of a generator are cut.
 *
 * @param picture the whole image, upright
 * @param face    where its landmarks are; empty: the image is cut already
 * @param found   what a network found where no landmarks were given
 */
public record Photo(Picture picture, Optional<CropQuad> face, Optional<FoundFaces> found) {
    private static final int CHANNELS = 3;
    /** A face is drawn at this size at least before it is made smaller. */
    private static final int DRAWN = FaceAlignment.PUBLISHED.transform();
    /** A face whose square is larger than so many pictures has landmarks of something else. */
    private static final int LARGEST_FACE = 4;

    /**
     * Reads an image.
     *
     * @param source how it is cut
     * @param file   its bytes
     * @param search finds the face where the source does not say how it is cut
     * @throws JobException INPUT_UNREADABLE if it cannot be read, FACE_NOT_FOUND if the landmarks are no face's, or no
     *                      face is found; INVALID_REQUEST if one would have to be found and the bundle cannot
     */
    public static Photo read(Source.Image source, byte[] file, FaceSearch search) {
        var picture = PhotoFile.read(source.image().toString(), file);
        if (source.cutAlready()) {
            return new Photo(picture, Optional.empty(), Optional.empty());
        }
        if (source.landmarks() != null) {
            var points = source.landmarks().stream().map(point -> new Point(point.getFirst(), point.getLast()))
                    .toList();
            return new Photo(picture, Optional.of(face(picture, () -> quad(points))), Optional.empty());
        }
        var found = search.find(source.image(), picture);
        return new Photo(picture, Optional.of(face(picture, () -> CropQuad.of(found.taken().landmarks(),
                CropQuad.Size.EYES_OR_MOUTH))), Optional.of(found));
    }

    private static CropQuad quad(List<Point> landmarks) {
        return landmarks.size() == FiveLandmarks.COUNT
                ? CropQuad.of(FiveLandmarks.of(landmarks), CropQuad.Size.EYES_OR_MOUTH)
                : CropQuad.of(landmarks, CropQuad.Size.EYES_OR_MOUTH);
    }

    private static CropQuad face(Picture picture, Supplier<CropQuad> landmarks) {
        try {
            var quad = landmarks.get();
            if (!(quad.side() <= LARGEST_FACE * (double) Math.max(picture.width(), picture.height()))) {
                throw new IllegalArgumentException("the face would be " + Math.round(quad.side()) + " pixels wide");
            }
            return quad;
        } catch (IllegalArgumentException e) {
            throw unfit(picture, e);
        }
    }

    private static JobException unfit(Picture picture, IllegalArgumentException e) {
        return new JobException(ErrorCategory.FACE_NOT_FOUND, "The landmarks do not fit the image of " + picture.width()
                + " x " + picture.height() + " pixels: " + e.getMessage() + ". They are pixels of the upright image.",
                e);
    }

    /**
     * What a network sees: the face as FFHQ's are, or the middle square of an image that is cut already.
     *
     * @param size width and height of the result
     * @throws JobException FACE_NOT_FOUND if the landmarks lie elsewhere
     */
    public Picture aligned(int size) {
        return face.map(quad -> cut(quad, size)).orElseGet(() -> middle(size));
    }

    private Picture cut(CropQuad quad, int size) {
        try {
            return new FaceAlignment(size, Math.max(size, DRAWN)).align(picture, quad);
        } catch (IllegalArgumentException e) {
            throw unfit(picture, e);
        }
    }

    private Picture middle(int size) {
        int side = Math.min(picture.width(), picture.height());
        int left = (picture.width() - side) / 2;
        int top = (picture.height() - side) / 2;
        var square = Raster.of(picture).crop(left, top, left + side, top + side);
        return side == size
                ? square.toPicture()
                : square.resize(AxisFilter.lanczos(side, size), AxisFilter.lanczos(side, size)).toPicture();
    }

    /**
     * What a person sees: the square of the image around the face, which is not turned with it.
     *
     * @param size width and height of the result
     */
    public Picture upright(int size) {
        return face.map(quad -> cut(quad.upright(picture.width(), picture.height()), size)).orElseGet(() -> middle(
                size));
    }

    /** Where the aligned face lies in the upright square: the landmark transform (stylegan3-editing). */
    public Placement placement() {
        return face.map(quad -> {
            var frame = quad.upright(picture.width(), picture.height()).centre();
            var centre = quad.centre();
            return new Placement((centre.x() - frame.x()) / quad.side(), (centre.y() - frame.y()) / quad.side(), quad
                    .degrees());
        }).orElse(Placement.NONE);
    }

    /**
     * A picture as a generator draws it.
     *
     * @return [1, 3, H, W] in -1..1
     */
    public static NDArray array(Picture picture, NDManager manager) {
        var bytes = picture.rgb();
        int area = picture.width() * picture.height();
        var values = new float[bytes.length];
        for (int i = 0; i < area; i++) {
            for (int c = 0; c < CHANNELS; c++) {
                values[c * area + i] = Byte.toUnsignedInt(bytes[i * CHANNELS + c]) / 127.5f - 1;
            }
        }
        return HostArrays.of(manager, values, new Shape(1, CHANNELS, picture.height(), picture.width()));
    }
}
