package org.atelier.worker.goldens;

import java.util.List;
import java.util.regex.Pattern;

/** Goldens, or outputs of them, that another test computes, because they need what this package does not reach. */
final class Elsewhere {
    private static final List<Entry> ENTRIES = List.of(
            of("checkpoints/.*", "checkpoint.published.PublishedFileGoldenTest"),
            of("hostile/.*", "checkpoint.published.HostileFileTest"),
            of("ops/.*#(filtered_lrelu|modulated_conv2d_sg3)\\..*", "nn.stylegan3.OperatorGoldenTest"));

    /**
     * A part of the goldens.
     *
     * @param pattern of {@code GROUP/NAME} or {@code GROUP/NAME#output}
     * @param test    that computes it
     */
    private record Entry(Pattern pattern, Class<?> test) {}

    private Elsewhere() {}

    private static Entry of(String pattern, String test) {
        try {
            return new Entry(Pattern.compile(pattern), Class.forName("org.atelier.worker." + test));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("nothing computes " + pattern + " any more", e);
        }
    }

    /** Whether another test computes a golden, all of a group ({@code GROUP/}) or one output ({@code GROUP/NAME#output}). */
    static boolean computes(String golden) {
        return ENTRIES.stream().anyMatch(entry -> entry.pattern.matcher(golden).matches());
    }
}
