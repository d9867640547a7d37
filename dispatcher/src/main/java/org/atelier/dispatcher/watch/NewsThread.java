package org.atelier.dispatcher.watch;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.atelier.common.job.JobId;
import org.atelier.dispatcher.fault.Repeating;
import org.atelier.dispatcher.projection.JobIndex;

/**
 * Wakes watchers where another dispatcher reads the topics: it looks in the database whether events have come. Where this one
 * reads them, it wakes its watchers itself.
 */
public final class NewsThread implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** A transaction may be seen later than another whose events are younger. */
    private static final Duration OVERLAP = Duration.ofSeconds(3);

    private final JobIndex index;
    private final JobWatch watch;
    private final BooleanSupplier needed;
    private final Repeating repeating;
    /** Offset of the newest event of each job that was told of lately. */
    private Map<JobId, Long> known = Map.of();
    private long newest;

    /** @param needed whether another dispatcher reads the topics */
    public NewsThread(JobIndex index, JobWatch watch, BooleanSupplier needed) {
        this.index = index;
        this.watch = watch;
        this.needed = needed;
        this.repeating = new Repeating("news", INTERVAL, this::lookIfNeeded, "whoever watches a job sees nothing new");
    }

    /** Starts. */
    public void start() {
        repeating.start();
    }

    private void lookIfNeeded() {
        if (needed.getAsBoolean() && watch.size() > 0) {
            look();
        }
    }

    /** Wakes those whose jobs have newer events than at the last look. */
    void look() {
        var news = index.news(newest - OVERLAP.toMillis());
        var offsets = new HashMap<JobId, Long>();
        news.forEach(job -> {
            offsets.put(job.job(), job.offset());
            newest = Math.max(newest, job.toldAt());
        });
        var before = known;
        known = offsets;
        watch.ring(offsets.entrySet()
                .stream()
                .filter(job -> !job.getValue().equals(before.get(job.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet()));
    }

    @Override
    public void close() {
        repeating.close();
    }
}
