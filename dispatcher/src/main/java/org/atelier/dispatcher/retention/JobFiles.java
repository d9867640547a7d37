package org.atelier.dispatcher.retention;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;

/** The documents of one job in the store, as a list of the store has them. */
final class JobFiles {
    private static final Pattern IN_RUN = Pattern.compile("runs/(\\d{1,9})/(.*)");
    private static final Pattern CLAIM = Pattern.compile("attempts/\\d+/claim\\.json");
    /** Written every few seconds, and by nobody who names a blob in them. */
    private static final Pattern OWNERSHIP = Pattern.compile("attempts/\\d+/(claim|lease)\\.json");
    private static final String MANIFEST = "manifest.json";
    private static final String ATTEMPTS = "attempts/";

    private final JobId job;
    private final List<StoredObject> objects = new ArrayList<>();

    JobFiles(JobId job) {
        this.job = job;
    }

    /** The job that a document belongs to; empty where it lies under {@code jobs/} and belongs to none. */
    static Optional<JobId> jobOf(String key) {
        var rest = key.substring(StoreKeys.JOBS.length());
        int end = rest.indexOf('/');
        try {
            return end < 0 ? Optional.empty() : Optional.of(new JobId(rest.substring(0, end)));
        } catch (IllegalArgumentException e) {
            // None of ours has such a name: nothing is known of it, and nothing is done to it.
            return Optional.empty();
        }
    }

    void add(StoredObject object) {
        objects.add(object);
    }

    JobId job() {
        return job;
    }

    List<String> keys() {
        return objects.stream().map(StoredObject::key).toList();
    }

    boolean hasRequest() {
        return find(StoreKeys.request(job)).isPresent();
    }

    /** When its id was used up, by the store's clock; empty where it was not erased. */
    Optional<Instant> erasedAt() {
        return find(StoreKeys.erased(job)).map(StoredObject::lastModified);
    }

    /** Runs that have not ended, in order. */
    List<RunId> open() {
        var runs = new TreeSet<Integer>();
        if (hasRequest()) {
            runs.add(RunId.FIRST);
        }
        objects.forEach(object -> inRun(object.key()).ifPresent(place -> runs.add(place.run)));
        return runs.stream()
                .map(run -> new RunId(job, run))
                .filter(run -> find(StoreKeys.manifest(run)).isEmpty())
                .toList();
    }

    /** When the last of its runs ended, by the store's clock; empty while one has not. */
    Optional<Instant> endedAt() {
        return open().isEmpty()
                ? times(place -> place.file.equals(MANIFEST)).max(Instant::compareTo)
                : Optional.empty();
    }

    /**
     * When the first attempt at a run began that has not ended, by the store's clock: whatever such attempts have written is
     * younger.
     */
    Optional<Instant> openSince() {
        var open = open().stream().map(RunId::run).toList();
        return times(place -> open.contains(place.run) && CLAIM.matcher(place.file).matches()).min(Instant::compareTo);
    }

    /** Its JSON documents, but for those that are written every few seconds and name no blob. */
    List<String> documents() {
        return keys().stream()
                .filter(key -> key.endsWith(".json"))
                .filter(key -> inRun(key).filter(place -> OWNERSHIP.matcher(place.file).matches()).isEmpty())
                .toList();
    }

    /**
     * The documents whose blobs are needed: all but those of attempts at runs that have ended. A checkpoint serves its own run
     * only.
     */
    List<String> roots() {
        var open = open().stream().map(RunId::run).toList();
        return documents().stream()
                .filter(key -> inRun(key).filter(place -> !open.contains(place.run) && place.file.startsWith(ATTEMPTS))
                        .isEmpty())
                .toList();
    }

    private record Place(int run, String file) {}

    private Optional<Place> inRun(String key) {
        var matcher = IN_RUN.matcher(key.substring(StoreKeys.job(job).length()));
        return matcher.matches()
                ? Optional.of(new Place(Integer.parseInt(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    private Stream<Instant> times(Predicate<Place> which) {
        return objects.stream()
                .filter(object -> inRun(object.key()).filter(which).isPresent())
                .map(StoredObject::lastModified);
    }

    private Optional<StoredObject> find(String key) {
        return objects.stream().filter(object -> object.key().equals(key)).findFirst();
    }
}
