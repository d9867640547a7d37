package org.atelier.worker.edit.nada;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.atelier.common.job.NadaFinetuneRequest.Freeze;
import org.atelier.common.job.NadaFinetuneRequest.Phase;
import org.atelier.common.job.NadaFinetuneRequest.RowMapping;

/**
 * The layers of a generator as StyleGAN-NADA counts them, and which of their parameters train
 * ({@code ZSSGAN/model/ZSSGAN.py}). The mapping network never does: latents come from the bundle's.
 */
public final class NadaLayers {
    private static final Pattern SG2_CONVOLUTION = Pattern.compile("(synthesis\\.b(\\d+)\\.conv([01]))\\.weight");
    private static final Pattern SG2_COLOURS = Pattern.compile("(synthesis\\.b(\\d+)\\.torgb)\\.weight");
    private static final Pattern SG3_LAYER = Pattern.compile("(synthesis\\.L(\\d+)_\\d+_\\d+)\\.weight");
    private static final String SG2_CONSTANT = "synthesis.b4.const";
    private static final String SG3_INPUT = "synthesis.input";
    /** Children of a StyleGAN3's synthesis, the input first, that the published code leaves out. */
    private static final Set<Integer> SG3_SKIPPED = Set.of(11, 13);
    private static final int TEXTURE_FROM = 2;
    private static final int FINE_FROM = 10;
    private static final int SHAPE_TO = 2;

    private final Set<String> parameters;
    private final boolean styleGan3;

    /** Convolutions of a StyleGAN2 from that of 4 pixels on; of a StyleGAN3 its input and all layers, colours last. */
    private final List<String> convolutions;

    /** Layers to colours of a StyleGAN2, from that of 4 pixels on. */
    private final List<String> colours;

    /** @param parameters names of all parameters of a StyleGAN2 or 3 */
    public NadaLayers(Set<String> parameters) {
        this.parameters = parameters;
        this.styleGan3 = parameters.contains(SG3_INPUT + ".weight");
        if (styleGan3) {
            this.convolutions = new ArrayList<>(List.of(SG3_INPUT));
            convolutions.addAll(named(SG3_LAYER));
            this.colours = List.of(convolutions.getLast());
        } else {
            this.convolutions = named(SG2_CONVOLUTION);
            this.colours = named(SG2_COLOURS);
        }
    }

    private List<String> named(Pattern pattern) {
        record Layer(String name, int first, int second) {}
        return parameters.stream()
                .map(pattern::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> new Layer(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.groupCount() > 2
                        ? Integer.parseInt(matcher.group(3))
                        : 0))
                .sorted(Comparator.comparingInt(Layer::first).thenComparingInt(Layer::second))
                .map(Layer::name)
                .toList();
    }

    /** How many layers a selection trains where nobody says: two thirds of the convolutions, as the published notebook. */
    public int usualSelection() {
        return Math.max(1, 2 * convolutions.size() / 3);
    }

    /** Whether it is the generator that the published code trains at a truncation of 0.7. */
    public boolean isStyleGan3() {
        return styleGan3;
    }

    /** The layers of a phase. */
    public List<String> ofPhase(Phase phase) {
        if (styleGan3) {
            return IntStream.range(0, convolutions.size())
                    .filter(child -> phase == Phase.ALL || !SG3_SKIPPED.contains(child))
                    .mapToObj(convolutions::get)
                    .toList();
        }
        int last = convolutions.size() - 1;
        var layers = new ArrayList<>(List.of(SG2_CONSTANT, convolutions.getFirst()));
        switch (phase) {
            case DEFAULT, ALL -> layers.addAll(after(0, last));
            case TEXTURE -> layers.addAll(after(TEXTURE_FROM, FINE_FROM));
            case SHAPE -> layers.addAll(after(0, SHAPE_TO));
            case SHAPE_EXPANDED -> layers.addAll(after(0, SHAPE_TO + 1));
            case NO_FINE -> layers.addAll(after(0, FINE_FROM));
        }
        if (phase == Phase.ALL) {
            layers.addAll(colours);
        }
        return layers;
    }

    /** Convolutions after the first: {@code convs[from:to]} of the published code. */
    private List<String> after(int from, int to) {
        int count = convolutions.size() - 1;
        return convolutions.subList(1 + Math.min(from, count), 1 + Math.min(to, count));
    }

    /**
     * The layers that rows of w+ stand for. The last row of a StyleGAN2 drives colours alone and stands for none.
     *
     * @param rows of w+
     */
    public List<String> ofRows(int[] rows, RowMapping mapping) {
        var driven = convolutions;
        if (mapping == RowMapping.PUBLISHED && !styleGan3) {
            driven = new ArrayList<>(List.of(convolutions.getFirst(), colours.getFirst()));
            driven.addAll(convolutions.subList(1, convolutions.size()));
        }
        var layers = new ArrayList<String>();
        for (int row : rows) {
            if (row < driven.size()) {
                layers.add(driven.get(row));
            }
        }
        return layers;
    }

    /** The names of the parameters of layers that train. */
    public Set<String> trained(List<String> layers, Freeze freeze) {
        var trained = new TreeSet<String>();
        for (var name : parameters) {
            boolean inLayers = layers.stream().anyMatch(layer -> name.equals(layer) || name.startsWith(layer + "."));
            if (inLayers && isWeight(name) && !isFrozen(name, freeze)) {
                trained.add(name);
            }
        }
        return trained;
    }

    /** Not a buffer: stored noise, filters, tracked magnitudes, the frequencies of a StyleGAN3's input. */
    private static boolean isWeight(String name) {
        return name.endsWith(".weight") || name.endsWith(".bias") || name.endsWith(".noise_strength") || name.equals(
                SG2_CONSTANT);
    }

    private boolean isFrozen(String name, Freeze freeze) {
        boolean affine = name.contains(".affine.");
        boolean toColours = colours.stream().anyMatch(layer -> name.startsWith(layer + "."));
        return switch (freeze) {
            case PUBLISHED -> affine && styleGan3;
            case PAPER -> affine || toColours;
        };
    }
}
