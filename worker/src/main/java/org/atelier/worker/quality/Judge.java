package org.atelier.worker.quality;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.perceptual.AttributeReader;
import org.atelier.worker.tensor.Scope;

/**
 * Judges edits by the reader of a bundle, a network that is in no loss.
 *
 * <pre>
 * var judge = Judge.of(networks, wishes);
 * var before = judge.read(image).getFirst();
 * if (judge.isOpen(wish, before)) {
 *     var verdict = judge.judge(wish, before, judge.read(edited).getFirst());
 * }
 * </pre>
 */
public final class Judge {
    /** Numbers that differ by less are the same: a tenth of the range is what the reader itself is unsure of. */
    static final double SAME_NUMBER = 0.1;

    private final AttributeReader reader;
    private final AttributeScheme scheme;
    private final WishList list;

    private Judge(AttributeReader reader, AttributeScheme scheme, WishList list) {
        this.reader = reader;
        this.scheme = scheme;
        this.list = list;
    }

    /**
     * The judge of a bundle.
     *
     * @param networks stay the caller's
     * @throws IllegalArgumentException if the bundle has no reader, or a wish is about something that it does not read
     */
    public static Judge of(BundleNetworks networks, WishList list) {
        var card = networks.card().reader();
        var reader = networks.reader();
        if (card == null || reader.isEmpty()) {
            throw new IllegalArgumentException("the bundle " + networks.card().reference()
                    + " has no reader, so nobody can judge its edits");
        }
        var scheme = AttributeScheme.of(card);
        list.wishes().forEach(wish -> scheme.require(wish.attribute(), wish.values()));
        list.hidden().forEach(rule -> {
            scheme.require(rule.attribute(), List.of());
            scheme.require(rule.by(), rule.values());
        });
        return new Judge(reader.get(), scheme, list);
    }

    /** What is wished for. */
    public WishList list() {
        return list;
    }

    /**
     * Reads pictures.
     *
     * @param images [N, 3, H, W], nominally in -1..1
     */
    public List<Reading> read(NDArray images) {
        return Scope.call(() -> {
            var scores = reader.scores(images.clip(-1, 1));
            var values = scores.toFloatArray();
            int width = Math.toIntExact(scores.getShape().get(1));
            return IntStream.range(0, Math.toIntExact(images.getShape().get(0)))
                    .mapToObj(n -> scheme.read(Arrays.copyOfRange(values, n * width, (n + 1) * width)))
                    .toList();
        });
    }

    /**
     * Whether a wish can be put to a picture: what it asks for is not there yet, and would be seen. There is nothing to
     * be proved by giving a beard to who has one, or pink hair to who has none.
     */
    public boolean isOpen(Wish wish, Reading before) {
        return !wish.isFulfilledBy(before) && list.isVisible(wish.attribute(), before);
    }

    /** Judges an edit. */
    public Verdict judge(Wish wish, Reading before, Reading after) {
        var others = new HashSet<>(before.values().keySet());
        others.addAll(before.numbers().keySet());
        others.remove(wish.attribute());
        others.removeIf(attribute -> !list.isVisible(attribute, before) || !list.isVisible(attribute, after));
        boolean reached = wish.isFulfilledBy(after) && list.isVisible(wish.attribute(), after);
        return new Verdict(reached, others.size(), changed(others, before, after));
    }

    private static Set<String> changed(Set<String> attributes, Reading before, Reading after) {
        var changed = new HashSet<String>();
        for (var attribute : attributes) {
            var number = before.numbers().get(attribute);
            boolean same = number == null
                    ? before.values().get(attribute).equals(after.values().get(attribute))
                    : Math.abs(number - after.numbers().get(attribute)) < SAME_NUMBER;
            if (!same) {
                changed.add(attribute);
            }
        }
        return changed;
    }
}
