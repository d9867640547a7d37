package org.atelier.worker.edit.photo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
import org.atelier.worker.face.Face;
import org.atelier.worker.face.Point;
import org.atelier.worker.tensor.Picture;

/**
 * The faces that a network found in an image.
 *
 * @param image  it
 * @param width  of the upright image, in pixels
 * @param height likewise
 * @param faces  at least one; the first one, the largest, is taken. Their landmarks are {@link #PLACES rounded}, so that a
 *               request that names them cuts out the very same face
 * @param shown  the image in a square of {@value #SHOWN} px with all boxes and landmarks, that of the taken face green
 */
public record FoundFaces(Digest image, int width, int height, List<Face> faces, Picture shown) {
    static final int SHOWN = 512;
    /** Steps of a pixel. */
    private static final double PLACES = 100;
    private static final double THICK = 2;
    private static final double DOT = 5;

    /** Draws what was found. */
    static FoundFaces of(Digest image, Picture picture, List<Face> faces) {
        var rounded = faces.stream().map(face -> face.moved(point -> new Point(round(point.x()), round(point.y()))))
                .toList();
        return new FoundFaces(image, picture.width(), picture.height(), rounded, draw(picture, rounded));
    }

    private static double round(double place) {
        return Math.round(place * PLACES) / PLACES;
    }

    /** The face that is cut out. */
    public Face taken() {
        return faces.getFirst();
    }

    /** As {@code landmarks.json} has it: landmarks in the form in which a request gives them. */
    public JsonNode json() {
        return Json.tree(Map.of("image", image, "width", width, "height", height, "taken", 0, "faces", faces.stream()
                .map(face -> Map.of("probability", face.probability(), "box", List.of(face.left(), face.top(), face
                        .right(), face.bottom()), "landmarks", face.landmarks().points().stream().map(point -> List.of(
                                point.x(), point.y())).toList()))
                .toList()));
    }

    private static Picture draw(Picture picture, List<Face> faces) {
        var square = new BufferedImage(SHOWN, SHOWN, BufferedImage.TYPE_INT_RGB);
        double scale = (double) SHOWN / Math.max(picture.width(), picture.height());
        var graphics = square.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.scale(scale, scale);
        graphics.drawImage(picture.image(), 0, 0, null);
        graphics.setStroke(new BasicStroke((float) (THICK / scale)));
        for (var face : faces.reversed()) {
            graphics.setColor(face.equals(faces.getFirst()) ? Color.GREEN : Color.ORANGE);
            draw(graphics, face, DOT / scale);
        }
        graphics.dispose();
        return Picture.of(square);
    }

    /** Places are those of the middles of pixels. */
    private static void draw(Graphics2D graphics, Face face, double dot) {
        graphics.draw(new Rectangle2D.Double(face.left() + 0.5, face.top() + 0.5, face.right() - face.left(), face
                .bottom() - face.top()));
        face.landmarks().points().forEach(point -> graphics.fill(new Ellipse2D.Double(point.x() + 0.5 - dot / 2, point
                .y() + 0.5 - dot / 2, dot, dot)));
    }
}
