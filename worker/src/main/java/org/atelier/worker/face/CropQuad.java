package org.atelier.worker.face;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The square, turned with the face, that an aligned picture shows (Karras et al. 2018, appendix C; FFHQ's
 * {@code recreate_aligned_images}).
 *
 * @param corners top left, bottom left, bottom right, top right, as the face stands
 */
public record CropQuad(List<Point> corners) {
    /** Landmarks of a face: dlib's scheme. */
    public static final int LANDMARKS = 68;

    private static final int NOSE = 30;
    private static final int LEFT_EYE = 36;
    private static final int RIGHT_EYE = 42;
    private static final int EYES_END = 48;
    private static final int MOUTH_LEFT = 48;
    private static final int MOUTH_RIGHT = 54;

    /** Half the side, in distances between the eyes. */
    private static final double EYE_FACTOR = 2.0;
    /** Half the side, in distances from the eyes to the mouth. */
    private static final double MOUTH_FACTOR = 1.8;
    /** The centre, from the eyes towards the mouth. */
    private static final double CENTRE = 0.1;

    private static final double PIXEL_EDGE = 0.5;

    /** What decides the size. */
    public enum Size {
        /** The larger of what the distance of the eyes and that of eyes and mouth say: FFHQ. */
        EYES_OR_MOUTH,
        /** The distance of the eyes: the default of stylegan3-editing, steadier in videos. */
        EYES_ONLY
    }

    /**
     * Finds the square of a face.
     *
     * @param landmarks 68 of them
     * @throws IllegalArgumentException if there are not 68, or eyes and mouth fall together
     */
    public static CropQuad of(List<Point> landmarks, Size size) {
        if (landmarks.size() != LANDMARKS) {
            throw new IllegalArgumentException("a face has " + LANDMARKS + " landmarks, not " + landmarks.size());
        }
        return of(new FiveLandmarks(Point.mean(landmarks.subList(LEFT_EYE, RIGHT_EYE)), Point.mean(landmarks.subList(
                RIGHT_EYE, EYES_END)), landmarks.get(NOSE), landmarks.get(MOUTH_LEFT), landmarks.get(MOUTH_RIGHT)),
                size);
    }

    /**
     * Finds the square of a face by what of its landmarks it takes: the centres of the eyes and the corners of the mouth.
     *
     * @throws IllegalArgumentException if eyes and mouth fall together
     */
    public static CropQuad of(FiveLandmarks landmarks, Size size) {
        var eyes = landmarks.leftEye().plus(landmarks.rightEye()).times(0.5);
        var eyeToEye = landmarks.rightEye().minus(landmarks.leftEye());
        var mouth = landmarks.mouthLeft().plus(landmarks.mouthRight()).times(0.5);
        var eyeToMouth = mouth.minus(eyes);
        // Across the face: along the eyes, and at a right angle to the line down to the mouth.
        var across = eyeToEye.minus(new Point(-eyeToMouth.y(), eyeToMouth.x()));
        if (across.length() == 0) {
            throw new IllegalArgumentException("eyes and mouth of the face fall together: these are no landmarks");
        }
        double half = switch (size) {
            case EYES_ONLY -> EYE_FACTOR * eyeToEye.length();
            case EYES_OR_MOUTH -> Math.max(EYE_FACTOR * eyeToEye.length(), MOUTH_FACTOR * eyeToMouth.length());
        };
        var x = across.times(half / across.length());
        var y = new Point(-x.y(), x.x());
        var centre = eyes.plus(eyeToMouth.times(CENTRE));
        return new CropQuad(List.of(centre.minus(x).minus(y), centre.minus(x).plus(y), centre.plus(x).plus(y), centre
                .plus(x).minus(y)));
    }

    /** Length of a side, in pixels. */
    public double side() {
        return corners.get(3).minus(corners.getFirst()).length();
    }

    /** Its middle. */
    public Point centre() {
        return Point.mean(corners);
    }

    /** How far the face is turned counter-clockwise. */
    public double degrees() {
        var top = corners.get(3).minus(corners.getFirst());
        return Math.toDegrees(Math.atan2(-top.y(), top.x()));
    }

    /**
     * The square of the same size that is not turned: around the same middle, or, where that would reach over an edge of
     * the picture, moved until it does not. It still does where the square is larger than the picture.
     *
     * @param width  of the picture, in pixels
     * @param height likewise
     */
    public CropQuad upright(int width, int height) {
        double half = side() / 2;
        var centre = centre();
        double x = within(centre.x(), half, width);
        double y = within(centre.y(), half, height);
        return new CropQuad(List.of(new Point(x - half, y - half), new Point(x - half, y + half), new Point(x + half, y
                + half), new Point(x + half, y - half)));
    }

    /** Places are those of the middles of pixels: a picture reaches half a pixel farther. */
    private static double within(double centre, double half, int length) {
        double first = half - PIXEL_EDGE;
        double last = length - PIXEL_EDGE - half;
        return first > last ? centre : Math.clamp(centre, first, last);
    }

    /** x and y of the corners, one after the other. */
    double[] numbers() {
        return corners.stream().flatMapToDouble(corner -> DoubleStream.of(corner.x(), corner.y())).toArray();
    }

    CropQuad moved(double x, double y) {
        return new CropQuad(corners.stream().map(corner -> corner.plus(new Point(x, y))).toList());
    }

    CropQuad scaled(double factor) {
        return new CropQuad(corners.stream().map(corner -> corner.times(factor)).toList());
    }

    int left() {
        return (int) Math.floor(corners.stream().mapToDouble(Point::x).min().orElseThrow());
    }

    int top() {
        return (int) Math.floor(corners.stream().mapToDouble(Point::y).min().orElseThrow());
    }

    int right() {
        return (int) Math.ceil(corners.stream().mapToDouble(Point::x).max().orElseThrow());
    }

    int bottom() {
        return (int) Math.ceil(corners.stream().mapToDouble(Point::y).max().orElseThrow());
    }
}
