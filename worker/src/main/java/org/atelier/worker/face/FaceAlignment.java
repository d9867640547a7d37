package org.atelier.worker.face;

import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;

/**
 * Cuts a face out of a photograph as the pictures of FFHQ are cut (stylegan3-editing {@code utils/alignment_utils.py}):
 * shrink, crop, pad what reaches over the edges, draw the turned square upright, make it small.
 *
 * @param output    width and height of the aligned picture
 * @param transform width and height in which the square is drawn first, at least {@code output}
 */
public record FaceAlignment(int output, int transform) {
    /** FFHQ's and stylegan3-editing's. */
    public static final FaceAlignment PUBLISHED = new FaceAlignment(1024, 1024);

    /** Least border around the crop, in pixels, and as a share of the square's side. */
    private static final int BORDER = 3;
    private static final double BORDER_SHARE = 0.1;
    /** Padding starts where the crop reaches over the edge by more than the border less so many pixels. */
    private static final int SLACK = 4;
    private static final double PADDING_SHARE = 0.3;
    private static final double BLUR_SHARE = 0.02;

    public FaceAlignment {
        if (output < 1 || transform < output) {
            throw new IllegalArgumentException("an aligned picture of " + output
                    + " px is drawn at that size or larger, not at " + transform + " px");
        }
    }

    /** Aligns a face. */
    public Picture align(Picture picture, CropQuad face) {
        var image = Raster.of(picture);
        var quad = face;
        double side = quad.side();
        int shrink = (int) Math.floor(side / output * 0.5);
        if (shrink > 1) {
            int width = (int) Math.rint((double) image.width() / shrink);
            int height = (int) Math.rint((double) image.height() / shrink);
            image = lanczos(image, width, height);
            quad = quad.scaled(1.0 / shrink);
            side /= shrink;
        }
        int border = Math.max((int) Math.rint(side * BORDER_SHARE), BORDER);
        int left = Math.max(quad.left() - border, 0);
        int top = Math.max(quad.top() - border, 0);
        int right = Math.min(quad.right() + border, image.width());
        int bottom = Math.min(quad.bottom() + border, image.height());
        if (left >= right || top >= bottom) {
            throw new IllegalArgumentException("the face lies outside the picture");
        }
        image = image.crop(left, top, right, bottom);
        quad = quad.moved(-left, -top);
        var padding = new Padding(
                Math.max(border - quad.left(), 0),
                Math.max(border - quad.top(), 0),
                Math.max(quad.right() - image.width() + border, 0),
                Math.max(quad.bottom() - image.height() + border, 0));
        if (padding.largest() > border - SLACK) {
            padding = padding.atLeast((int) Math.rint(side * PADDING_SHARE));
            image = padding.apply(image, side * BLUR_SHARE);
            quad = quad.moved(padding.left(), padding.top());
        }
        var square = image.square(quad.moved(0.5, 0.5).numbers(), transform);
        return (output < transform ? lanczos(square, output, output) : square).toPicture();
    }

    private static Raster lanczos(Raster image, int width, int height) {
        return image.resize(AxisFilter.lanczos(image.width(), width), AxisFilter.lanczos(image.height(), height));
    }
}
