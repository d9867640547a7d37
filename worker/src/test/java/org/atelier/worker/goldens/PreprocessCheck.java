package org.atelier.worker.goldens;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.nn.face.FaceCrop;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.AxisFilter.Ends;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;
import org.atelier.worker.tensor.Resampling;

/** How pictures are prepared for CLIP, the identity network, LPIPS and files, with the gradients of all that. */
final class PreprocessCheck implements Check {
    private static final Pattern OPERATOR = Pattern.compile(
            "(x7|id|nada_aa|nada_noaa|area256|bicubic_align_corners224)_(\\d+)(?:x(\\d+))?(?:\\.sample_value)?");
    private static final Pattern PILLOW = Pattern.compile("pil_(\\d+)x(\\d+)\\.u8_sum");
    private static final int CLIP = 224;
    private static final int FACE = 112;
    private static final List<Double> LPIPS_SHIFT = List.of(-0.030, -0.088, -0.188);
    private static final List<Double> LPIPS_SCALE = List.of(0.458, 0.448, 0.450);

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("preprocess");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        for (var output : golden.outputs()) {
            var operator = OPERATOR.matcher(output.name());
            if (operator.matches()) {
                var kind = operator.group(1);
                int height = Integer.parseInt(operator.group(2));
                int width = operator.group(3) == null ? height : Integer.parseInt(operator.group(3));
                var key = "in.img/" + key(kind) + "/" + height + "x" + width;
                var image = GeneratedWeights.input(key, new Shape(1, 3, height, width), 1, 0, manager);
                operator(output.name().replace(".sample_value", ""), operator(kind, height, width, golden, manager),
                        image, golden, verdict, manager);
            }
        }
        pillow(golden, verdict, manager);
        bytes(golden, verdict, manager);
        var lpips = golden.array("in.lpips_image", manager);
        verdict.compare("lpips_scaled", lpips.sub(colours(LPIPS_SHIFT, manager)).div(colours(LPIPS_SCALE, manager)));
    }

    /** CLIP's transform of files, on bytes. */
    private static void pillow(Golden golden, Verdict verdict, NDManager manager) {
        for (var output : golden.outputs()) {
            var pillow = PILLOW.matcher(output.name());
            if (pillow.matches()) {
                int height = Integer.parseInt(pillow.group(1));
                int width = Integer.parseInt(pillow.group(2));
                var values = GeneratedWeights.generate(GeneratedWeights.SET_SALT, "in.pil/" + height + "x" + width,
                        height * width * 3, 0.5, 0.5);
                var rgb = new byte[values.length];
                for (int i = 0; i < rgb.length; i++) {
                    rgb[i] = (byte) Math.floor(values[i] * 255f);
                }
                var square = AlignmentCheck.array(Raster.of(Picture.of(width, height, rgb)).middleSquare(CLIP)
                        .toPicture().rgb(), manager);
                var name = output.name().substring(0, output.name().indexOf('.'));
                verdict.compare(name + ".u8_sample_value", square.get(golden.array(name
                        + ".u8_sample_index", manager)));
                verdict.compare(name + ".u8_sum", square.toType(DataType.FLOAT64, false).sum());
            }
        }
    }

    private static String key(String kind) {
        return switch (kind) {
            case "nada_aa", "nada_noaa" -> "nada";
            case "area256", "bicubic_align_corners224" -> "area";
            default -> kind;
        };
    }

    private static NDArray colours(List<Double> values, NDManager manager) {
        return manager.create(values.stream().mapToDouble(Double::doubleValue).toArray(), new Shape(1, 3, 1, 1)).toType(
                DataType.FLOAT32, false);
    }

    private static UnaryOperator<NDArray> operator(String kind, int height, int width, Golden golden,
            NDManager manager) {
        return switch (kind) {
            case "x7" -> new ClipInput(ClipInput.Recipe.STYLECLIP, height, CLIP, manager)::apply;
            case "id" -> new FaceCrop(height, FACE, manager)::apply;
            case "area256" -> Resampling.square(AxisFilter.adaptiveAverage(height, 256), manager)::apply;
            case "bicubic_align_corners224" -> Resampling.square(AxisFilter.bicubic(height, CLIP, Ends.CENTRES),
                    manager)::apply;
            default -> nada(kind.equals("nada_aa"), height, width, golden.config(), manager);
        };
    }

    /** StyleGAN-NADA: to 0..1, the shorter side to 224 pixels, the middle of it, CLIP's mean and deviation. */
    private static UnaryOperator<NDArray> nada(boolean antialiased, int height, int width, JsonNode config,
            NDManager manager) {
        int shorter = Math.min(height, width);
        var resize = new Resampling(nadaAxis(antialiased, height, shorter), nadaAxis(antialiased, width, shorter),
                manager);
        var mean = colours(numbers(config.path("clip_mean")), manager);
        var std = colours(numbers(config.path("clip_std")), manager);
        return x -> resize.apply(x.add(1).div(2)).sub(mean).div(std);
    }

    private static AxisFilter nadaAxis(boolean antialiased, int size, int shorter) {
        int resized = size == shorter ? CLIP : (int) ((long) CLIP * size / shorter);
        var filter = antialiased
                ? AxisFilter.bicubicAntialiased(size, resized)
                : AxisFilter.bicubic(size, resized, Ends.EDGES);
        int from = (int) Math.rint((resized - CLIP) / 2.0);
        return filter.then(AxisFilter.crop(resized, from, from + CLIP));
    }

    private static List<Double> numbers(JsonNode array) {
        return array.valueStream().map(JsonNode::asDouble).toList();
    }

    private static void operator(String name, UnaryOperator<NDArray> operator, NDArray image, Golden golden,
            Verdict verdict, NDManager manager) {
        try (var tape = TestEngine.get().record()) {
            var leaf = tape.leaf(image);
            var result = operator.apply(leaf);
            verdict.compare(name, result);
            if (verdict.wants(name + ".grad")) {
                var weights = golden.array(result.getShape().get(2) == FACE ? "in.R112" : "in.R224", manager);
                tape.backward(result.mul(weights).sum());
                verdict.compare(name + ".grad", leaf.getGradient());
            }
        }
    }

    private static void bytes(Golden golden, Verdict verdict, NDManager manager) {
        var image = golden.array("in.uint8_image", manager);
        var shape = image.getShape();
        var rgb = Picture.of(image).getFirst().rgb();
        var product = manager.create(unsigned(rgb), new Shape(1, shape.get(2), shape.get(3), 3)).transpose(0, 3, 1, 2);
        verdict.compare("uint8_nv_floor", product);
        // The other two roundings of the published codes; the product has one.
        verdict.compare("uint8_save_image", image.clip(-1, 1).add(1).div(2).mul(255).add(0.5).clip(0, 255).toType(
                DataType.UINT8, false));
        verdict.compare("uint8_projector_target", image.add(1).mul(127.5).clip(0, 255).toType(DataType.UINT8, false));
    }

    private static int[] unsigned(byte[] bytes) {
        var numbers = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            numbers[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return numbers;
    }
}
