package org.atelier.worker.nn.mapper;

import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.worker.nn.RenamedWeights;
import org.atelier.worker.nn.Weights;

/**
 * The weights of a mapper under StyleCLIP's names, {@code mapper.*}. A checkpoint's copy of the generator
 * ({@code decoder.*}, {@code face_pool.*}, {@code latent_avg}) is left out. The mapper of styleclip-gan3 has its levels as
 * {@code coarse_mapper.mapper.N.*}, {@code medium_mapper} and {@code fine_mapper}; StyleCLIP spells the first
 * {@code course_mapping}.
 */
public final class MapperWeights {
    private static final Pattern LEVEL = Pattern.compile("(coarse|medium|fine)_mapper\\.mapper\\.(.+)");
    private static final Pattern UNUSED = Pattern.compile("(decoder|face_pool)\\..*|latent_avg");

    private MapperWeights() {}

    /** @param file a mapper's, or a whole training checkpoint's state */
    public static Weights of(Weights file) {
        return new RenamedWeights(file, name -> UNUSED.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(rename(name)));
    }

    private static String rename(String name) {
        var level = LEVEL.matcher(name);
        if (!level.matches()) {
            return name;
        }
        var mapping = level.group(1).equals("coarse") ? "course" : level.group(1);
        return "mapper." + mapping + "_mapping.mapping." + level.group(2);
    }

    /** Whether a file has the names of styleclip-gan3, whose levels are those of StyleGAN3. */
    public static boolean isForStyleGan3(Weights file) {
        return file.names().stream().anyMatch(name -> LEVEL.matcher(name).matches());
    }
}
