package org.atelier.worker.nn.stylegan3;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Design of the low-pass filters by a Kaiser window (StyleGAN3, appendix C; NVlabs {@code design_lowpass_filter}). All
 * frequencies are in cycles per unit of the picture's width, so that the sampling rate of a picture is its size in pixels.
 *
 * @param taps   of the filter along an axis; 1: none
 * @param cutoff -6 dB point
 * @param width  of the transition band, from the pass to the stop band
 * @param rate   sampling rate that the filter runs at
 */
record LowPass(int taps, double cutoff, double width, double rate) {
    private static final double[] NONE = {1};

    /** The taps of the separable filter, with sum 1. */
    double[] separable() {
        if (taps == 1) {
            return NONE.clone();
        }
        var filter = window();
        for (int i = 0; i < taps; i++) {
            double x = 2 * Math.PI * cutoff * position(i);
            filter[i] *= x == 0 ? 1 : Math.sin(x) / x;
        }
        double sum = Arrays.stream(filter).sum();
        return Arrays.stream(filter).map(tap -> tap / sum).toArray();
    }

    /** The rotationally symmetric filter [taps][taps], with sum 1: a jinc under the product of two windows. */
    double[][] radial() {
        var window = window();
        var filter = new double[taps][taps];
        double sum = 0;
        for (int y = 0; y < taps; y++) {
            for (int x = 0; x < taps; x++) {
                double r = Math.PI * Math.hypot(position(x), position(y));
                filter[y][x] = (r == 0 ? cutoff : besselJ1(2 * cutoff * r) / r) * window[x] * window[y];
                sum += filter[y][x];
            }
        }
        for (var row : filter) {
            for (int x = 0; x < taps; x++) {
                row[x] /= sum;
            }
        }
        return filter;
    }

    /** Where a tap lies, with the centre of the filter at 0. */
    private double position(int tap) {
        return (tap - (taps - 1) / 2.0) / rate;
    }

    private double[] window() {
        double attenuation = 2.285 * (taps - 1) * Math.PI * width / (rate / 2) + 7.95;
        double beta = beta(attenuation);
        double edge = (taps - 1) / 2.0;
        var window = new double[taps];
        for (int i = 0; i < taps; i++) {
            double x = (i - edge) / edge;
            window[i] = besselI0(beta * Math.sqrt(Math.max(0, 1 - x * x))) / besselI0(beta);
        }
        return window;
    }

    /** Kaiser's parameter for an attenuation in dB. */
    private static double beta(double attenuation) {
        if (attenuation > 50) {
            return 0.1102 * (attenuation - 8.7);
        }
        double excess = attenuation - 21;
        return excess > 0 ? 0.5842 * Math.pow(excess, 0.4) + 0.07886 * excess : 0;
    }

    /** Bessel function of the first kind: mean of cos(t - x sin t). */
    static double besselJ1(double x) {
        return meanOverCircle(x, t -> Math.cos(t - x * Math.sin(t)));
    }

    /** Modified Bessel function: mean of exp(x cos t). */
    static double besselI0(double x) {
        return meanOverCircle(x, t -> Math.exp(x * Math.cos(t)));
    }

    /** Equidistant points integrate a smooth periodic function to the last bit once there are a few more of them than x. */
    private static double meanOverCircle(double x, DoubleUnaryOperator function) {
        int points = 64 + 2 * (int) Math.ceil(Math.abs(x));
        double sum = 0;
        for (int i = 0; i < points; i++) {
            sum += function.applyAsDouble(2 * Math.PI * i / points);
        }
        return sum / points;
    }
}
