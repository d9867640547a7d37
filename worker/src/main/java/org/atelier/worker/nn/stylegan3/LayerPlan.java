package org.atelier.worker.nn.stylegan3;

/**
 * What follows for one layer from the hyper-parameters (NVlabs {@code SynthesisLayer.__init__}). Rates are sampling rates
 * in pixels per picture width; a feature map is larger than its rate by the margin around the picture.
 *
 * @param name         {@code L3_36_512}: index, size of the result, channels of the result
 * @param inputs       channels before
 * @param outputs      channels after
 * @param inputSize    width and height before, in pixels
 * @param outputSize   width and height after, in pixels
 * @param kernelSize   of the convolution
 * @param colours      whether this is the last layer, which neither filters nor demodulates
 * @param up           pixels per pixel before the leaky ReLU
 * @param down         pixels for one pixel after it
 * @param upFilter     design of the filter before the leaky ReLU
 * @param downFilter   design of the filter after it
 * @param radial       whether the filter after it is rotationally symmetric instead of separable
 * @param paddingLow   zeros before the upsampled rows and columns; negative: cut off
 * @param paddingHigh  zeros after them
 */
record LayerPlan(
        String name,
        int inputs,
        int outputs,
        int inputSize,
        int outputSize,
        int kernelSize,
        boolean colours,
        int up,
        int down,
        LowPass upFilter,
        LowPass downFilter,
        boolean radial,
        int paddingLow,
        int paddingHigh) {
    /**
     * The band of frequencies that a feature map holds.
     *
     * @param rate      sampling rate
     * @param cutoff    of the filter before it, in cycles per picture width
     * @param halfWidth of that filter's transition band
     * @param size      of the map with its margin, in pixels
     * @param channels  of the map
     */
    record Band(int rate, double cutoff, double halfWidth, int size, int channels) {}

    /** Plans the layer between two feature maps. */
    static LayerPlan between(StyleGan3Config config, int index, Band before, Band after) {
        boolean colours = index == config.layers();
        boolean critical = index >= config.layers() - config.criticalLayers();
        int rate = Math.max(before.rate, after.rate) * (colours ? 1 : config.leakyReluUpsampling());
        int kernelSize = colours ? 1 : config.kernelSize();
        int up = rate / before.rate;
        int down = rate / after.rate;
        int upTaps = up > 1 && !colours ? config.filterSize() * up : 1;
        int downTaps = down > 1 && !colours ? config.filterSize() * down : 1;
        int padding = (after.size - 1) * down + 1 - (before.size + kernelSize - 1) * up + upTaps + downTaps - 2;
        int low = Math.floorDiv(padding + up, 2);
        return new LayerPlan("L" + index + "_" + after.size + "_" + after.channels, before.channels, after.channels,
                before.size, after.size, kernelSize, colours, up, down,
                new LowPass(upTaps, before.cutoff, 2 * before.halfWidth, rate),
                new LowPass(downTaps, after.cutoff, 2 * after.halfWidth, rate), config.radialFilters() && !critical
                        && downTaps > 1, low, padding - low);
    }

    /** The filter before the leaky ReLU: [taps][1], applied along both axes. */
    double[][] upTaps() {
        return column(upFilter.separable());
    }

    /** The filter after it: [taps][1], applied along both axes, or [taps][taps]. */
    double[][] downTaps() {
        return radial ? downFilter.radial() : column(downFilter.separable());
    }

    private static double[][] column(double[] filter) {
        var column = new double[filter.length][1];
        for (int i = 0; i < filter.length; i++) {
            column[i][0] = filter[i];
        }
        return column;
    }
}
