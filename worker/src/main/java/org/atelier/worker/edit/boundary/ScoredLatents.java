package org.atelier.worker.edit.boundary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.atelier.common.job.BoundaryTrainRequest.Chosen;
import org.atelier.common.job.BoundaryTrainRequest.Split;

/**
 * Latents with a score each (InterFaceGAN {@code train_boundary}).
 *
 * @param latents each [C]
 * @param scores  the higher, the more of the attribute
 */
public record ScoredLatents(List<double[]> latents, double[] scores) {
    /**
     * The latents at both ends, in two parts.
     *
     * @param trainPositive    highest scores, to train with
     * @param trainNegative    lowest scores, to train with
     * @param validatePositive the other chosen ones of the highest
     * @param validateNegative the other chosen ones of the lowest
     */
    public record Ends(
            List<double[]> trainPositive,
            List<double[]> trainNegative,
            List<double[]> validatePositive,
            List<double[]> validateNegative) {}

    /** Numbers of the latents by descending score. */
    public int[] order() {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** How many are chosen at each end. */
    public int chosen(Chosen chosen) {
        int wanted = switch (chosen) {
            case Chosen.Ratio share -> (int) (scores.length * share.ratio());
            case Chosen.Count number -> number.count();
        };
        return Math.min(wanted, scores.length / 2);
    }

    /**
     * Chooses the ends and splits them.
     *
     * @param trainShare of each end
     * @param seed       of a shuffled split
     */
    public Ends ends(Chosen chosen, double trainShare, Split split, long seed) {
        int count = chosen(chosen);
        var order = order();
        var positive = new ArrayList<>(IntStream.range(0, count).mapToObj(i -> latents.get(order[i])).toList());
        var negative = new ArrayList<>(IntStream.range(order.length - count, order.length)
                .mapToObj(i -> latents.get(order[i]))
                .toList());
        if (split == Split.SHUFFLED) {
            var random = new Random(seed);
            Collections.shuffle(positive, random);
            Collections.shuffle(negative, random);
        }
        int train = Math.max(1, (int) (count * trainShare));
        return new Ends(List.copyOf(positive.subList(0, train)), List.copyOf(negative.subList(0, train)), List.copyOf(
                positive.subList(train, count)), List.copyOf(negative.subList(train, count)));
    }
}
