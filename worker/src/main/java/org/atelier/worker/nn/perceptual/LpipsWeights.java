package org.atelier.worker.nn.perceptual;

import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.worker.nn.RenamedWeights;
import org.atelier.worker.nn.Weights;

/**
 * The weights of an LPIPS network under the names that {@link Lpips} takes, {@code features.N.*} and
 * {@code linK.model.1.weight}, whichever of the published files they come from:
 *
 * <ul>
 * <li>torchvision's {@code vgg16-*.pth} and {@code alexnet-*.pth} ({@code features.N.*}; {@code classifier.*} is left
 * out), together with the five layers of {@code lpips/weights/v0.1/*.pth} ({@code linK.model.1.weight});
 * <li>a whole LPIPS module ({@code net.sliceK.N.*}, where N is torchvision's number, {@code linK.model.1.weight} and the
 * same again as {@code lins.K.model.1.weight}, and {@code scaling_layer.*}, which holds the constants);
 * <li>the copy in pSp and its descendants ({@code criteria/lpips}: {@code net.layers.N.*}, {@code lin.K.1.weight}, and the
 * constants {@code net.mean} and {@code net.std}).
 * </ul>
 */
public final class LpipsWeights {
    private static final Pattern FEATURE = Pattern.compile("net\\.(?:slice\\d+|layers)\\.(\\d+)\\.(weight|bias)");
    private static final Pattern HEAD = Pattern.compile("(?:lins\\.(\\d)\\.model|lin\\.(\\d))\\.1\\.weight");
    private static final Pattern UNUSED = Pattern.compile(
            "classifier\\..*|scaling_layer\\.(shift|scale)|net\\.(mean|std)");

    private LpipsWeights() {}

    /** @param file with names of any of the published layouts */
    public static Weights of(Weights file) {
        return new RenamedWeights(file, name -> UNUSED.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(rename(name)));
    }

    private static String rename(String name) {
        var feature = FEATURE.matcher(name);
        if (feature.matches()) {
            return "features." + feature.group(1) + "." + feature.group(2);
        }
        var head = HEAD.matcher(name);
        if (head.matches()) {
            return "lin" + (head.group(1) == null ? head.group(2) : head.group(1)) + ".model.1.weight";
        }
        return name;
    }
}
