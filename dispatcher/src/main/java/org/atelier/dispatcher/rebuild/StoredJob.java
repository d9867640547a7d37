package org.atelier.dispatcher.rebuild;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.store.StoreKeys;

/** What the names of a job's objects tell of it, without reading any of them. */
final class StoredJob {
    private static final Pattern KEY = Pattern.compile(StoreKeys.JOBS + "(" + JobId.PATTERN + ")/(.+)");
    private static final Pattern RUN = Pattern.compile("runs/(\\d{1,9})/(manifest|cancel|replay)\\.json");
    private static final Pattern CLAIM = Pattern.compile("runs/(\\d{1,9})/attempts/(\\d{1,9})/claim\\.json");

    private final JobId job;
    private final TreeMap<Integer, Run> runs = new TreeMap<>(Map.of(RunId.FIRST, new Run()));
    private boolean requested;

    /** What there is of a run. */
    private static final class Run {
        private boolean ended;
        private boolean cancelled;
        private int claimed;
    }

    /**
     * The key of an object, taken apart.
     *
     * @param job  that it belongs to
     * @param rest of the key
     */
    record Key(JobId job, String rest) {
        /** Empty for an object of no job. */
        static Optional<Key> of(String key) {
            var matcher = KEY.matcher(key);
            return matcher.matches()
                    ? Optional.of(new Key(new JobId(matcher.group(1)), matcher.group(2)))
                    : Optional.empty();
        }
    }

    StoredJob(JobId job) {
        this.job = job;
    }

    /** There is an object under this key. */
    void add(Key key) {
        requested |= key.rest.equals("request.json");
        var run = RUN.matcher(key.rest);
        if (run.matches()) {
            var known = run(run.group(1));
            known.ended |= run.group(2).equals("manifest");
            known.cancelled |= run.group(2).equals("cancel");
        }
        var claim = CLAIM.matcher(key.rest);
        if (claim.matches()) {
            var known = run(claim.group(1));
            known.claimed = Math.max(known.claimed, Integer.parseInt(claim.group(2)));
        }
    }

    private Run run(String number) {
        return runs.computeIfAbsent(Integer.valueOf(number), key -> new Run());
    }

    JobId job() {
        return job;
    }

    /** Whether it is a job at all: its request makes it one. */
    boolean isJob() {
        return requested;
    }

    /** Its newest run. */
    RunId newest() {
        return new RunId(job, runs.lastKey());
    }

    /** Whether the newest run has ended. */
    boolean hasEnded() {
        return runs.lastEntry().getValue().ended;
    }

    /** Whether somebody wants the end of the newest run. */
    boolean isCancelled() {
        return runs.lastEntry().getValue().cancelled;
    }

    /** The newest attempt of the newest run that a worker has claimed. */
    Optional<AttemptId> claimed() {
        int attempt = runs.lastEntry().getValue().claimed;
        return attempt == 0 ? Optional.empty() : Optional.of(new AttemptId(newest(), attempt));
    }

    /** The run before the newest: if it succeeded, that counts for whoever waits for the job. */
    Optional<RunId> endedBefore() {
        return runs.headMap(runs.lastKey(), false)
                .descendingMap()
                .entrySet()
                .stream()
                .filter(run -> run.getValue().ended)
                .findFirst()
                .map(run -> new RunId(job, run.getKey()));
    }
}
