package org.atelier.worker.edit.direction;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionApplyRequest.Selection;

/**
 * The direction in StyleSpace that a text picks from a table: its channels by how much they move CLIP's view the text's
 * way, the weak ones left out (StyleCLIP {@code GetBoundary}).
 *
 * @param boundary what is added to the styles for a strength of 1: [K]
 * @param beta     relevance below which channels were left out
 * @param largest  largest relevance of any channel
 * @param channels those that were not left out, most relevant first
 */
public record StyleDirection(float[] boundary, double beta, double largest, List<Channel> channels) {
    /**
     * A channel that the direction uses.
     *
     * @param name      its layer, and its number within it
     * @param relevance cosine of its direction and the text's; negative: the channel is lowered
     */
    public record Channel(String name, double relevance) {}

    /**
     * Picks a direction.
     *
     * @param table whole
     * @param text  as {@link TextView#direction} gives it
     * @throws JobException INVALID_REQUEST if no channel is left, with the largest usable beta
     */
    public static StyleDirection of(DirectionTable table, float[] text, Selection selection) {
        var relevance = relevance(table, text);
        var order = IntStream.range(0, relevance.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer channel) -> -Math.abs(relevance[channel])))
                .toList();
        double largest = Math.abs(relevance[order.getFirst()]);
        if (!(largest > 0)) {
            throw new JobException(ErrorCategory.INVALID_REQUEST,
                    "No channel moves the picture towards this text: to CLIP,"
                            + " neutral and target text mean the same. Make them differ.");
        }
        double beta = switch (selection) {
            case Selection.Beta given -> given.beta();
            case Selection.Budget budget -> Math.abs(relevance[order.get(Math.min(budget.channels(), order.size())
                    - 1)]);
        };
        if (beta > largest) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, tooHigh(beta, largest, relevance, order));
        }
        var kept = order.stream().filter(channel -> Math.abs(relevance[channel]) >= beta && relevance[channel] != 0)
                .toList();
        var boundary = new float[table.mean().length];
        var places = table.channels().shaping();
        kept.forEach(channel -> boundary[places[channel]] = (float) (relevance[channel] / largest
                * table.deviation()[places[channel]]));
        return new StyleDirection(boundary, beta, largest, kept.stream()
                .map(channel -> new Channel(table.name(channel), relevance[channel]))
                .toList());
    }

    private static String tooHigh(double beta, double largest, double[] relevance, List<Integer> order) {
        int usual = Math.min(Selection.Budget.CHANNELS, order.size());
        return String.format(Locale.ROOT,
                "Beta value too high: at %s no channel is left. The largest usable beta for this text is %.4f, which keeps"
                        + " one channel; %.4f keeps %d. Or name a number of channels instead of beta.", beta, Math
                                .floor(largest * 1e4) / 1e4, Math.floor(Math.abs(relevance[order.get(usual - 1)]) * 1e4)
                                        / 1e4, usual);
    }

    /** How much each shaping channel of a table moves CLIP's view the text's way: the cosine of the two directions. */
    public static double[] relevance(DirectionTable table, float[] text) {
        return Arrays.stream(table.directions()).mapToDouble(direction -> {
            double cosine = 0;
            for (int i = 0; i < text.length; i++) {
                cosine += (double) direction[i] * text[i];
            }
            return cosine;
        }).toArray();
    }
}
