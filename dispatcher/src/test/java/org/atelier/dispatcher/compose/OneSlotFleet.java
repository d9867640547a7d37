package org.atelier.dispatcher.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.BlobStore;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.schedule.Part;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.Loop;
import org.atelier.dispatcher.support.Samples;
import org.atelier.dispatcher.support.TestDatabase;
import org.atelier.dispatcher.watch.JobWatch;

/** A dispatcher with its topics, and one worker of one slot that does what a test says. */
final class OneSlotFleet implements AutoCloseable {
    static final Principal WHO = new Principal("default", "anna");
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int MANY = 400;

    final Fleet fleet;
    final Intake intake;
    final Loop loop;
    /** What the worker ran, in order. */
    final List<JobRequest> ran = new ArrayList<>();
    /** Why a request fails; empty: it succeeds. */
    Function<JobRequest, Optional<ErrorCategory>> fate = request -> Optional.empty();
    /** The final loss of an optimisation. */
    Function<OptimizeRequest, Double> loss = request -> 0.5;
    /** What is done to a round of decisions. */
    Runnable round;
    /** Whether the worker works. */
    boolean working = true;

    private ReadyRecord holding;

    OneSlotFleet(TestDatabase kind, Path folder) {
        fleet = new Fleet(kind, folder);
        intake = Intakes.over(fleet);
        loop = new Loop(fleet, intake, new JobWatch());
        round = fleet::step;
    }

    Admission submit(String job, String body) {
        return intake.submit(WHO, new JobId(job), Intakes.json(body), null);
    }

    void accept(String job, String body) {
        assertThat(submit(job, body)).isInstanceOf(Admission.Accepted.class);
    }

    void cancel(String job) {
        new Cancellation(fleet.ledger, fleet.events, fleet.time).request(WHO, Samples.run(job));
    }

    void tick() {
        fleet.time.pass(TICK);
        fleet.workers.alive(Samples.worker("worker-1"));
        round.run();
        loop.read();
        if (working) {
            work();
        }
    }

    /** Lets time pass until a job has ended. */
    Manifest end(String job) {
        return end(Samples.run(job));
    }

    Manifest end(RunId run) {
        for (int tick = 0; tick < MANY; tick++) {
            var manifest = fleet.ledger.manifest(run);
            if (manifest.isPresent()) {
                loop.read();
                return manifest.get();
            }
            tick();
        }
        throw new AssertionError(run + " does not end: " + fleet.state(run.job().value()) + ", " + parts(run.job()
                .value()));
    }

    void ticks(int ticks) {
        for (int tick = 0; tick < ticks; tick++) {
            tick();
        }
    }

    List<Part> parts(String job) {
        return fleet.index.parts(new JobId(job));
    }

    JsonNode document(Manifest manifest, String name) {
        var artifact = manifest.artifacts().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        return Json.read(new BlobStore(fleet.store).get(artifact.digest()), JsonNode.class);
    }

    /** The slot holds one record at most, and ends in one tick what it took in the one before. */
    private void work() {
        if (holding != null) {
            end(fleet.ready.read(holding));
            fleet.ready.done(holding);
            holding = null;
            return;
        }
        fleet.ready.take().ifPresent(record -> {
            var ready = fleet.ready.read(record);
            assertThat(ready.submission().request().composite()).as("takes no slot").isFalse();
            var manifest = fleet.ledger.manifest(ready.attempt().run());
            var claim = new Claim(ready.attempt(), "token-" + ready.attempt(), "worker-1", "host-1", fleet.time
                    .instant());
            if (manifest.isPresent() || !(fleet.ledger.claim(claim) instanceof Creation.Created<Claim>)) {
                fleet.ready.done(record);
                return;
            }
            holding = record;
            ran.add(ready.submission().request());
            fleet.events.publishAndWait(Topics.EVENTS, Samples.started(ready.attempt()));
        });
    }

    private void end(Message.AttemptReady ready) {
        var request = ready.submission().request();
        var failure = fate.apply(request);
        var cancelled = fleet.ledger.cancel(ready.attempt().run()).isPresent();
        if (failure.isPresent() && !cancelled) {
            fleet.events.publishAndWait(Topics.EVENTS, Samples.failed(ready.attempt(), failure.get()));
            return;
        }
        var outcome = cancelled ? Outcome.CANCELLED : Outcome.SUCCEEDED;
        var manifest = fleet.ledger.commit(new Manifest(ready.attempt().run(), ready.tenant(), JobType.of(request),
                ready.bundle(), outcome, ready.attempt().attempt(), "token-" + ready.attempt(), Map.of(), cancelled
                        ? List.of()
                        : artifacts(request),
                cancelled ? null : Json.tree(Map.of("losses", losses(request))), null, Map.of(), Map.of(), fleet.time
                        .instant())).document();
        fleet.events.publishAndWait(Topics.RESULTS, new Message.RunEnded(manifest));
        fleet.events.publishAndWait(Topics.EVENTS, new Message.RunEnded(manifest));
    }

    private Map<String, Double> losses(JobRequest request) {
        return request instanceof OptimizeRequest optimize
                ? new HashMap<>(Map.of("loss", loss.apply(optimize), "identity", 0.1))
                : Map.of();
    }

    private List<Artifact> artifacts(JobRequest request) {
        var blobs = new BlobStore(fleet.store);
        var bytes = Json.bytes(request);
        return switch (JobType.of(request)) {
            case SHEET -> List.of(blobs.put("sheet.png", bytes, Artifact.PNG));
            case OPTIMIZE -> List.of(blobs.put("after.png", bytes, Artifact.PNG), blobs.put("latent.safetensors", bytes,
                    Artifact.SAFETENSORS));
            case DIRECTION_TRAIN -> List.of(blobs.put("directions.safetensors", bytes, Artifact.SAFETENSORS));
            default -> List.of(blobs.put("picture-0.png", bytes, Artifact.PNG));
        };
    }

    static JobFailure failure(Manifest manifest) {
        assertThat(manifest.outcome()).isEqualTo(Outcome.FAILED);
        return manifest.failure();
    }

    @Override
    public void close() {
        fleet.close();
    }
}
