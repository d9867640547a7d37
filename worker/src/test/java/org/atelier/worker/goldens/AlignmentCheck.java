package org.atelier.worker.goldens;

import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.face.CropQuad;
import org.atelier.worker.face.CropQuad.Size;
import org.atelier.worker.face.FaceAlignment;
import org.atelier.worker.face.Point;
import org.atelier.worker.tensor.Picture;

/** Face alignment: the crop of both rules, and the aligned picture. */
final class AlignmentCheck implements Check {
    private static final int BLOCK = 10;
    private static final FaceAlignment ALIGNMENT = new FaceAlignment(256, 512);

    @Override
    public boolean knows(Golden golden) {
        return golden.has("in.landmarks.0");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var sizes = golden.config().path("cases_width_height");
        for (int n = 0; n < sizes.size(); n++) {
            var numbers = golden.array("in.landmarks." + n, manager).toLongArray();
            var landmarks = IntStream.range(0, numbers.length / 2)
                    .mapToObj(i -> new Point(numbers[2 * i], numbers[2 * i + 1]))
                    .toList();
            quad(n + ".eyes_only", CropQuad.of(landmarks, Size.EYES_ONLY), verdict, manager);
            var face = CropQuad.of(landmarks, Size.EYES_OR_MOUTH);
            quad(n + ".eyes_or_mouth", face, verdict, manager);
            var picture = picture(golden, n, sizes.path(n).path(0).asInt(), sizes.path(n).path(1).asInt(), manager);
            verdict.compare("aligned_u8." + n, array(ALIGNMENT.align(picture, face).rgb(), manager));
        }
    }

    private static void quad(String name, CropQuad quad, Verdict verdict, NDManager manager) {
        var corners = quad.corners().stream().flatMap(corner -> List.of(corner.x(), corner.y()).stream())
                .mapToDouble(Double::doubleValue).toArray();
        verdict.compare("quad." + name, manager.create(corners, new Shape(4, 2)));
        verdict.compare("qsize." + name, manager.create(new double[]{quad.side()}));
    }

    private static Picture picture(Golden golden, int n, int width, int height, NDManager manager) {
        var blocks = golden.array("in.image_blocks." + n, manager);
        int columns = Math.toIntExact(blocks.getShape().get(1));
        var values = blocks.toFloatArray();
        var rgb = new byte[width * height * 3];
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[i++] = (byte) Math.floor(values[(y / BLOCK * columns + x / BLOCK) * 3 + c] * 255f);
                }
            }
        }
        return Picture.of(width, height, rgb);
    }

    static NDArray array(byte[] rgb, NDManager manager) {
        var values = new float[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            values[i] = Byte.toUnsignedInt(rgb[i]);
        }
        return manager.create(values);
    }
}
