package org.atelier.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.atelier.chaos.history.Checker;
import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.chaos.history.Report;
import org.atelier.chaos.worker.Chain;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;

/** What a fleet left behind: what was seen while it ran, with the workers' diaries and with everything in the store. */
final class Evidence {
    private static final String MANIFEST = "/manifest.json";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ChaosFleet fleet;
    private final Clock clock;

    Evidence(ChaosFleet fleet, Clock clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    /**
     * Judges.
     *
     * @param seen     what was seen from outside
     * @param requests every run that was asked for
     */
    ChaosReport judge(History seen, Map<RunId, ? extends JobRequest> requests) {
        var whole = new History();
        seen.facts().forEach(whole::add);
        diaries().stream().filter(fact -> !(fact instanceof Fact.AboutRun about) || requests.containsKey(about.run()))
                .forEach(whole::add);
        List<Manifest> manifests;
        try (var store = store()) {
            manifests = List.copyOf(manifests(store, whole));
            blobs(store, manifests).forEach(whole::add);
        }
        return new ChaosReport(fleet.options().seed(), Checker.check(whole), outcomes(manifests), failures(manifests),
                wrong(manifests, requests), whole);
    }

    /** What a garbage collection left: nothing that no manifest names, and everything that one does. */
    ChaosReport.Collected collected() {
        try (var store = store()) {
            var manifests = manifests(store, new History());
            var blobs = blobs(store, manifests);
            var there = blobs.stream().map(Fact.BlobPresent::key).collect(Collectors.toSet());
            var orphans = blobs.stream().filter(blob -> !blob.referenced()).toList();
            return new ChaosReport.Collected(new Report.Orphans(orphans.size(), orphans.stream().mapToLong(
                    Fact.BlobPresent::bytes).sum()), named(manifests).stream().filter(key -> !there.contains(key))
                            .sorted().toList());
        }
    }

    private S3ObjectStore store() {
        return new S3ObjectStore(fleet.fleet().store().settings(), TIMEOUT);
    }

    /** Whether a worker has computed anything since then. */
    boolean hasWorked(Instant since) {
        return diaries().stream().anyMatch(fact -> fact instanceof Fact.AttemptStepped && fact.at().isAfter(since));
    }

    /** Every manifest; their creation is told by the store's clock, since those of workers may be wrong. */
    private static List<Manifest> manifests(ObjectStore store, History history) {
        List<StoredObject> found;
        try (var objects = store.list(StoreKeys.JOBS)) {
            found = objects.filter(object -> object.key().endsWith(MANIFEST)).toList();
        }
        var manifests = new ArrayList<Manifest>();
        for (var object : found) {
            var manifest = Json.read(store.get(object.key()).orElseThrow(), Manifest.class);
            history.add(new Fact.ManifestCreated(object.lastModified(), manifest.run(), manifest.outcome(), manifest
                    .attempt(), manifest.token()));
            manifests.add(manifest);
        }
        return manifests;
    }

    private static Set<String> named(List<Manifest> manifests) {
        return manifests.stream()
                .flatMap(manifest -> manifest.artifacts().stream())
                .map(artifact -> StoreKeys.blob(artifact.digest()))
                .collect(Collectors.toSet());
    }

    private List<Fact.BlobPresent> blobs(ObjectStore store, List<Manifest> manifests) {
        var named = named(manifests);
        try (var objects = store.list(StoreKeys.BLOBS)) {
            return objects.map(object -> new Fact.BlobPresent(clock.instant(), object.key(), object.size(), named
                    .contains(object.key()))).toList();
        }
    }

    private List<Fact> diaries() {
        if (!Files.isDirectory(fleet.diaries())) {
            return List.of();
        }
        var facts = new ArrayList<Fact>();
        try (var files = Files.newDirectoryStream(fleet.diaries())) {
            for (var file : files) {
                facts.addAll(History.read(file).facts());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the workers' diaries cannot be read", e);
        }
        return facts;
    }

    private static Map<Outcome, Long> outcomes(List<Manifest> manifests) {
        return manifests.stream().collect(Collectors.groupingBy(Manifest::outcome, Collectors.counting()));
    }

    private static List<String> failures(List<Manifest> manifests) {
        return manifests.stream().filter(manifest -> manifest.outcome() == Outcome.FAILED)
                .map(manifest -> manifest.run() + ": " + manifest.failure())
                .toList();
    }

    /** Successes with other bytes than an undisturbed run would give. */
    private static List<String> wrong(List<Manifest> manifests, Map<RunId, ? extends JobRequest> requests) {
        return manifests.stream()
                .filter(manifest -> manifest.outcome() == Outcome.SUCCEEDED && requests.containsKey(manifest.run()))
                .filter(manifest -> manifest.artifacts().stream().noneMatch(artifact -> artifact.digest().equals(Chain
                        .result(requests.get(manifest.run())))))
                .map(manifest -> manifest.run() + " of attempt " + manifest.attempt())
                .toList();
    }
}
