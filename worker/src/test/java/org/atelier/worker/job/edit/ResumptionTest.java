package org.atelier.worker.job.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobType;
import org.atelier.common.json.Json;
import org.atelier.common.request.SubmissionReader;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.goldens.SmallBundle;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.atelier.worker.job.runner.AttemptStoppedException;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.ResumePoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of job that leaves checkpoints, killed at a random step after a checkpoint of a random step: what a fresh
 * worker makes of that checkpoint is, to the byte, what would have been made without. The jobs are in
 * {@code long-jobs.json}; {@code -Datelier.seed} repeats a run.
 */
class ResumptionTest {
    /** Their steps are pictures of one source each: a worker that takes over starts with the first. */
    private static final EnumSet<JobType> WITHOUT_CHECKPOINTS = EnumSet.of(JobType.GENERATE, JobType.MAPPER_APPLY,
            JobType.DELTA_APPLY, JobType.DIRECTION_APPLY, JobType.BOUNDARY_APPLY, JobType.SHEET);
    private static final long SEED = Long.getLong("atelier.seed", System.nanoTime());
    private static final SubmissionReader READER = new SubmissionReader();
    private static final byte[] PHOTO = TurnedPhoto.png();
    private static final Map<String, Path> BUNDLES = new TreeMap<>(Map.of("avatar-128@3", RecordingContext.BUNDLE));

    @TempDir
    private static Path bundles;
    @TempDir
    private Path folder;

    /**
     * A job to kill.
     *
     * @param kills how often
     */
    record LongJob(String name, int kills, JobRequest request) {
        static LongJob of(JsonNode entry) {
            var request = Json.text(entry.path("request"))
                    .replace("PHOTO", Digest.of(PHOTO).toString())
                    .replace("\"LANDMARKS\"", Json.text(TurnedPhoto.landmarks()));
            return new LongJob(entry.path("name").asText(), entry.path("kills").asInt(1), READER.read(
                    ("{\"request\": " + request + "}").getBytes(StandardCharsets.UTF_8)).submission().request());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<LongJob> jobs() throws IOException {
        try (var in = ResumptionTest.class.getResourceAsStream("long-jobs.json")) {
            return Json.mapper().readTree(in).valueStream().map(LongJob::of).toList();
        }
    }

    @BeforeAll
    static void write() throws IOException {
        SmallBundle.styleGan2(folder("small2@1")).close();
        SmallBundle.styleGan3(folder("small3@1")).close();
        SmallBundle.photos(folder("photos3@1")).close();
        SmallBundle.photosByAlexNet(folder("photos3-alexnet@1")).close();
    }

    private static Path folder(String bundle) throws IOException {
        var made = Files.createDirectory(bundles.resolve(bundle));
        BUNDLES.put(bundle, made);
        return made;
    }

    private RecordingContext context(LongJob job, String checkpoint) {
        var context = new RecordingContext(BUNDLES.get(job.request.bundle()), folder.resolve(checkpoint));
        context.input(PHOTO);
        return context;
    }

    /** Runs a job as a process does that has just started. */
    private static JobResult run(LongJob job, RecordingContext context) throws Exception {
        try (var networks = new ResidentNetworks<>(bundle -> BundleNetworks.open(bundle.folder(), TestEngine.get()),
                1)) {
            return EditRunners.of(networks).run(job.request, context);
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void endsInTheSameBytesWhereverItWasKilled(LongJob job) throws Exception {
        var undisturbed = context(job, "none");
        var wanted = run(job, undisturbed);
        int steps = undisturbed.heartbeats.getLast();

        var random = new SplittableRandom(SEED + job.name.hashCode());
        var story = new StringBuilder(job.name + ", seed " + SEED);
        var point = new ResumePoint(0, folder.resolve("nothing"));
        for (int kill = 0; kill < job.kills; kill++) {
            int saved = point.step() + random.nextInt(steps - point.step() + 1);
            int killed = saved + random.nextInt(steps - saved + 1);
            story.append(": saved after step ").append(saved).append(", killed after ").append(killed);
            var context = resuming(context(job, "state-" + kill), point).stopAt(saved, killed);
            assertThatExceptionOfType(AttemptStoppedException.class).as(story.toString()).isThrownBy(() -> run(job,
                    context));
            point = new ResumePoint(saved, folder.resolve("state-" + kill));
        }
        int from = point.step();
        var resumed = resuming(context(job, "none"), point);
        var result = run(job, resumed);

        assertThat(resumed.heartbeats).as(story.toString()).startsWith(from).endsWith(steps);
        assertThat(digests(result)).as(story.toString()).isEqualTo(digests(wanted));
        assertThat(result).as(story.toString()).isEqualTo(wanted);
        assertThat(resumed.losses).as(story.toString()).isEqualTo(after(from, undisturbed.losses));
        assertThat(undisturbed.previews).as(story.toString()).containsAllEntriesOf(resumed.previews);
    }

    private static RecordingContext resuming(RecordingContext context, ResumePoint point) {
        return Files.exists(point.state()) ? context.resumeAt(point) : context;
    }

    private static Map<String, Digest> digests(JobResult result) {
        return result.artifacts().stream().collect(Collectors.toMap(Artifact::name, Artifact::digest));
    }

    private static <T> Map<Integer, T> after(int step, Map<Integer, T> all) {
        return all.entrySet().stream().filter(entry -> entry.getKey() >= step).collect(Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void noKindOfJobIsForgotten() throws IOException {
        var killed = jobs().stream().map(job -> JobType.of(job.request)).collect(Collectors.toSet());
        try (var networks = new ResidentNetworks<BundleNetworks>(bundle -> {
            throw new UncheckedIOException(new IOException("nothing is run"));
        }, 1)) {
            var others = EditRunners.of(networks).types().stream().filter(Predicate.not(killed::contains)).toList();
            assertThat(others).containsExactlyInAnyOrderElementsOf(WITHOUT_CHECKPOINTS);
        }
    }
}
