package org.atelier.worker.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.worker.bench.QualityReport.Line;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.quality.Judge;
import org.atelier.worker.quality.Reading;
import org.atelier.worker.quality.Tally;
import org.atelier.worker.quality.Verdict;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/** Edits faces by one method and lets the judge look at what the edits stored: their pictures. */
final class QualityTrial {
    private final BundleNetworks networks;
    private final Judge judge;
    private final MethodRequest method;
    private final Runnable faceDone;
    private final Map<String, Tally> groups = new TreeMap<>();
    private final Map<String, Tally> prompts = new LinkedHashMap<>();
    private final Map<String, Integer> changed = new TreeMap<>();
    private Tally control = Tally.EMPTY;
    private Tally pasted = Tally.EMPTY;
    private Tally all = Tally.EMPTY;
    private long nanos;

    /** The networks of the bundle are all that its edits read. */
    private static final Inputs NOTHING = new Inputs() {
        @Override
        public byte[] read(Digest digest) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "A benchmark has no stored files: " + digest);
        }

        @Override
        public Digest find(JobId job, String artifact) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "A benchmark has no other jobs: " + job);
        }
    };

    /** @param faceDone runs after each face */
    QualityTrial(BundleNetworks networks, Judge judge, MethodRequest method, Runnable faceDone) {
        this.networks = networks;
        this.judge = judge;
        this.method = method;
        this.faceDone = faceDone;
    }

    /**
     * A face before and after an edit, as the reader sees it.
     *
     * @param pasted the picture after the edit where it changed something on purpose, before it elsewhere; made when asked for
     */
    private record Seen(Reading before, Reading after, Supplier<Picture> pasted) {}

    QualityReport run(List<Long> seeds) {
        for (long seed : seeds) {
            judgeFace(seed);
            faceDone.run();
        }
        return new QualityReport(Line.of(all), lines(groups), lines(prompts), Line.of(control), Line.of(pasted),
                byNumber(changed),
                all.edits() == 0 ? 0 : nanos / 1e9 / all.edits());
    }

    private void judgeFace(long seed) {
        var idle = edit(seed, judge.list().control());
        for (var wish : judge.list().wishes()) {
            if (!judge.isOpen(wish, idle.before)) {
                continue;
            }
            control = control.plus(judge.judge(wish, idle.before, idle.after));
            long begin = System.nanoTime();
            var seen = edit(seed, wish.prompt());
            nanos += System.nanoTime() - begin;
            var verdict = judge.judge(wish, seen.before, seen.after);
            all = all.plus(verdict);
            pasted = pasted.plus(judge.judge(wish, seen.before, read(seen.pasted.get())));
            groups.merge(wish.group(), Tally.EMPTY.plus(verdict), Tally::plus);
            prompts.merge(wish.prompt(), Tally.EMPTY.plus(verdict), Tally::plus);
            count(verdict);
        }
    }

    private void count(Verdict verdict) {
        verdict.changed().forEach(attribute -> changed.merge(attribute, 1, Integer::sum));
    }

    private Seen edit(long seed, String prompt) {
        var request = method.request(seed, prompt);
        try (var edit = MethodRequest.edit(request, networks, NOTHING)) {
            var products = products(edit);
            var before = picture(products, "before");
            var after = picture(products, request instanceof OptimizeRequest ? "after" : "picture");
            return new Seen(read(before), read(after), () -> PastedEdit.of(before, after));
        }
    }

    private static List<Product> products(Edit edit) {
        var products = new ArrayList<Product>();
        while (!edit.isDone()) {
            products.addAll(edit.step().products());
        }
        products.addAll(edit.finish());
        return products;
    }

    private static Picture picture(List<Product> products, String name) {
        return products.stream()
                .filter(product -> product.name().startsWith(name) && product.name().endsWith(".png"))
                .findFirst()
                .map(product -> Picture.read(product.bytes()))
                .orElseThrow(() -> new IllegalStateException("the edit made no picture " + name));
    }

    private Reading read(Picture picture) {
        try (var manager = networks.engine().newManager()) {
            return Scope.call(() -> judge.read(tensor(picture, manager)).getFirst());
        }
    }

    /** The other way round than {@link Picture#of}: [1, 3, H, W] in -1..1, to within half a level. */
    private static NDArray tensor(Picture picture, NDManager manager) {
        var rgb = picture.rgb();
        var values = new float[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            values[i] = (Byte.toUnsignedInt(rgb[i]) - 127.5f) / 127.5f;
        }
        return HostArrays.of(manager, values, new Shape(1, picture.height(), picture.width(), 3)).transpose(0, 3, 1, 2);
    }

    private static Map<String, Line> lines(Map<String, Tally> tallies) {
        var lines = new LinkedHashMap<String, Line>();
        tallies.forEach((name, tally) -> lines.put(name, Line.of(tally)));
        return lines;
    }

    private static Map<String, Integer> byNumber(Map<String, Integer> counts) {
        var sorted = new LinkedHashMap<String, Integer>();
        counts.entrySet()
                .stream()
                .sorted(Comparator.comparingInt(entry -> -entry.getValue()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }
}
