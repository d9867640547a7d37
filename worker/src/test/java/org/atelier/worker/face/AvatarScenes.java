package org.atelier.worker.face;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;

/**
 * Drawn photographs: faces of {@code avatar-128}, whose landmarks are known because all its faces have them at the same
 * place, put turned and in any size before things that are no faces.
 */
final class AvatarScenes {
    /** Landmarks of every face of 128 px: eyes, nose, corners of the mouth. */
    static final FiveLandmarks LANDMARKS = FiveLandmarks.of(List.of(new Point(48.2, 50.8), new Point(78.7, 50.8),
            new Point(63.5, 63), new Point(54, 73.5), new Point(73.5, 73.5)));
    /** Width of an avatar's picture. */
    static final int AVATAR = 128;
    /** Middle and side of the box around a face. */
    private static final Point MIDDLE = new Point(63.5, 60);
    private static final double SIDE = 68;
    private static final double MOST_TURNED = 25;
    private static final double PSI = 0.8;

    private final List<BufferedImage> avatars;
    private final Random random;
    private final boolean upsideDown;

    /**
     * A drawn photograph.
     *
     * @param picture of it
     * @param faces   that it has; probability 1
     * @param others  pieces of avatars that are no faces
     */
    record Scene(Picture picture, List<Face> faces, List<Rectangle2D> others) {}

    /**
     * Prepares.
     *
     * @param avatars    pictures of 128 px
     * @param upsideDown whether faces that stand on their head are among the things that are none
     */
    AvatarScenes(List<Picture> avatars, long seed, boolean upsideDown) {
        this.upsideDown = upsideDown;
        this.avatars = avatars.stream().map(Picture::image).toList();
        this.random = new Random(seed);
    }

    /** Draws faces of consecutive seeds. */
    static List<Picture> avatars(BundleNetworks networks, int firstSeed, int count) {
        var pictures = new ArrayList<Picture>();
        var generator = networks.generator();
        try (var manager = networks.engine().newManager()) {
            for (int seed = firstSeed; seed < firstSeed + count; seed++) {
                var z = new RandomState(seed).randnFloat(generator.zSize());
                pictures.addAll(Scope.call(() -> Picture.of(generator.render(generator.truncate(generator.map(HostArrays
                        .of(manager, z, new Shape(1, z.length))), PSI, generator.rows()), Noise.STORED))));
            }
        }
        return pictures;
    }

    /** A scene with faces of random sizes and places, which do not overlap. */
    Scene scene(int width, int height, int faces) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var others = background(image);
        var placed = new ArrayList<Face>();
        for (int attempt = 0; attempt < 20 && placed.size() < faces; attempt++) {
            double side = Math.min(width, height) * (0.12 + 0.5 * random.nextDouble() * random.nextDouble());
            double x = side * 0.8 + (width - 1.6 * side) * random.nextDouble();
            double y = side * 0.8 + (height - 1.6 * side) * random.nextDouble();
            if (placed.stream().allMatch(face -> Math.hypot((face.left() + face.right()) / 2 - x, (face.top() + face
                    .bottom()) / 2 - y) > 1.2 * Math.max(side, face.right() - face.left()))) {
                placed.add(put(image, random.nextInt(avatars.size()), new Point(x, y), side, (2 * random.nextDouble()
                        - 1) * MOST_TURNED));
            }
        }
        return new Scene(Picture.of(image), placed, others);
    }

    /**
     * Puts a face into a picture.
     *
     * @param middle  of its box
     * @param side    of its box
     * @param degrees by which it is turned clockwise
     */
    Face put(BufferedImage image, int avatar, Point middle, double side, double degrees) {
        var place = new AffineTransform();
        place.translate(middle.x(), middle.y());
        place.rotate(Math.toRadians(degrees));
        place.scale(side / SIDE, side / SIDE);
        place.translate(-MIDDLE.x(), -MIDDLE.y());
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        if (random.nextBoolean()) {
            graphics.setClip(place.createTransformedShape(new Ellipse2D.Double(14, 4, 100, 110)));
        }
        graphics.drawImage(avatars.get(avatar), place, null);
        graphics.dispose();
        var points = LANDMARKS.points().stream().map(point -> {
            // The transform is of edges of pixels, landmarks are of their middles.
            var at = place.transform(new Point2D.Double(point.x() + 0.5, point.y() + 0.5), null);
            return new Point(at.getX() - 0.5, at.getY() - 0.5);
        }).toList();
        double half = side / 2;
        return new Face(middle.x() - half, middle.y() - half, middle.x() + half, middle.y() + half, 1, FiveLandmarks.of(
                points));
    }

    /** Colours, shapes, and pieces of avatars that are no faces. */
    private List<Rectangle2D> background(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setPaint(new GradientPaint(0, 0, colour(), width, height, colour()));
        graphics.fillRect(0, 0, width, height);
        var others = new ArrayList<Rectangle2D>();
        for (int i = 0; i < 14; i++) {
            graphics.setColor(colour());
            double size = Math.min(width, height) * (0.03 + 0.4 * random.nextDouble());
            double x = width * random.nextDouble() - size / 2;
            double y = height * random.nextDouble() - size / 2;
            switch (random.nextInt(4)) {
                case 0 -> graphics.fill(new Ellipse2D.Double(x, y, size, size * (0.5 + random.nextDouble())));
                case 1 -> graphics.fill(new Rectangle2D.Double(x, y, size, size * (0.2 + random.nextDouble())));
                case 2 -> graphics.drawLine((int) x, (int) y, (int) (x + 2 * size), (int) (y + size));
                default -> others.add(piece(image, x, y, size));
            }
        }
        graphics.dispose();
        return others;
    }

    /** The lower part of an avatar, or the whole upside down. */
    private Rectangle2D piece(BufferedImage image, double x, double y, double size) {
        var avatar = avatars.get(random.nextInt(avatars.size()));
        var graphics = image.createGraphics();
        if (random.nextBoolean() || !upsideDown) {
            var body = avatar.getSubimage(0, 84, AVATAR, AVATAR - 84);
            graphics.drawImage(body, (int) x, (int) y, Math.max(1, (int) size), Math.max(1, (int) size / 3), null);
        } else {
            graphics.drawImage(avatar, (int) x, (int) (y + size), Math.max(1, (int) size), -Math.max(1, (int) size),
                    null);
        }
        graphics.dispose();
        return new Rectangle2D.Double(x, y, size, size);
    }

    private Color colour() {
        return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }
}
