package org.atelier.worker.job.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.event.Message.AttemptDeferred;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.event.Message.AttemptStarted;
import org.atelier.common.event.Message.RunEnded;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.ledger.Claim;
import org.atelier.common.store.StoreKeys;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.Fate;
import org.atelier.worker.job.world.Fleet;
import org.atelier.worker.job.world.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a record, as far as it is not run. */
class AdmissionTest {
    @TempDir
    private Path scratch;

    private Fleet fleet;

    @BeforeEach
    void make() {
        fleet = new Fleet(scratch);
    }

    @Test
    void whatIsClaimedByAnotherIsLeft() {
        fleet.ledger().claim(new Claim(Fleet.FIRST, "another's token", "another", "host", fleet.clock().instant()));
        var runner = new ChainRunner();
        fleet.feed();
        new Node(fleet, "late", runner).turnUntilQuiet();

        assertThat(runner.started()).isZero();
        assertThat(fleet.group().allAccepted()).isTrue();
        assertThat(fleet.events().published()).isEmpty();
    }

    @Test
    void whatHasEndedIsToldAgainWithTheSameContent() {
        var runner = new ChainRunner();
        var node = new Node(fleet, "worker", runner);
        fleet.feed();
        node.turnUntilQuiet();
        var first = fleet.events().published(RunEnded.class).getFirst();
        fleet.feedAgain();
        fleet.feed();
        node.turnUntilQuiet();

        assertThat(runner.started()).isEqualTo(1);
        assertThat(fleet.group().allAccepted()).isTrue();
        // To results and to events, three times.
        assertThat(fleet.events().published(RunEnded.class)).hasSize(6).containsOnly(first);
        assertThat(fleet.ledger().claim(new AttemptId(Fleet.RUN, 2))).isEmpty();
    }

    @Test
    void whatItCannotRunIsDeferredAndNeverClaimed() {
        fleet.feed();
        new Node(fleet, "small", new ChainRunner().refuse("needs 40 GB of device memory")).turnUntilQuiet();

        assertThat(fleet.events().published(AttemptDeferred.class))
                .containsExactly(new AttemptDeferred(Fleet.FIRST, "small", "needs 40 GB of device memory"));
        assertThat(fleet.ledger().claim(Fleet.FIRST)).isEmpty();
        assertThat(fleet.group().allAccepted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"24000000000, 24000000000, true", "24000000000, 24000000001, false", ", 99000000000, true",
            "24000000000, , true"})
    void whatNeedsMoreMemoryThanItHasIsDeferred(Long has, Long needs, boolean runs) {
        fleet.group().append(Fleet.arrived(new AttemptReady(Fleet.FIRST, "tenant", JobSubmission.of(Fleet.REQUEST),
                "faces@1", needs)));
        var node = new Node(fleet, new WorkerIdentity("small", "host", Map.of(), has), new ChainRunner());
        node.turnUntilQuiet();

        assertThat(fleet.ledger().claim(Fleet.FIRST).isPresent()).isEqualTo(runs);
        assertThat(fleet.group().allAccepted()).isTrue();
        if (!runs) {
            assertThat(fleet.events().published(AttemptDeferred.class)).singleElement().satisfies(
                    deferred -> assertThat(deferred.reason()).contains("at least 24.0 GB", "has 24.0 GB"));
        }
    }

    @Test
    void aRequestThatOnlyNewerWorkersKnowIsDeferred() {
        fleet.group().append(new Decoded.Newer("org.atelier.attempt.ready.v1", "17", "/dispatcher", Fleet.FIRST,
                "Unrecognized field \"sharpness\""));
        new Node(fleet, "old", new ChainRunner()).turnUntilQuiet();

        assertThat(fleet.events().published(AttemptDeferred.class)).singleElement().satisfies(deferred -> {
            assertThat(deferred.attempt()).isEqualTo(Fleet.FIRST);
            assertThat(deferred.reason()).contains("only newer workers know", "sharpness");
        });
        assertThat(fleet.group().allAccepted()).isTrue();
        assertThat(fleet.store().keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"stylegan2, true", "stylegan9, false"})
    void aBundleThatWasMadeForNewerWorkersIsDeferred(String architecture, boolean runs) {
        var card = new BundleCard("faces", "1", "Faces", "none", new NetworkCard(architecture, "g.safetensors",
                "0".repeat(64), null, null, null, null), null, Map.of(), null, null, null, null, null, null, null);
        fleet.store().put(StoreKeys.bundleFile("faces", "1", BundleCard.FILE), Json.bytes(card), "application/json");
        fleet.feed();
        new Node(fleet, "old", new ChainRunner().checkBundles()).turnUntilQuiet();

        assertThat(fleet.ledger().claim(Fleet.FIRST).isPresent()).isEqualTo(runs);
        if (!runs) {
            assertThat(fleet.events().published(AttemptDeferred.class)).singleElement().extracting(
                    AttemptDeferred::reason).asString().contains("generator of faces@1", "\"stylegan9\"", "stylegan2");
        }
    }

    @Test
    void aTypeWithoutRunnerIsDeferred() {
        fleet.feed();
        new Node(fleet, "other", Runners.of(List.of()), Fate.none()).turnUntilQuiet();

        assertThat(fleet.events().published(AttemptDeferred.class)).singleElement()
                .extracting(AttemptDeferred::reason).asString().contains("no runner for optimize");
        assertThat(fleet.store().keys()).isEmpty();
    }

    @Test
    void aDeferralThatCannotBeToldIsNotAccepted() {
        fleet.feed();
        fleet.events().setDown(true);
        var node = new Node(fleet, "small", new ChainRunner().refuse("too small"));
        node.slot().turn();

        assertThat(fleet.group().waiting()).isEqualTo(1);
        fleet.events().setDown(false);
        node.turnUntilQuiet();
        assertThat(fleet.events().published(AttemptDeferred.class)).hasSize(1);
    }

    @Test
    void aRecordWithHolesGoesToTheDeadLetters() {
        fleet.group().append(Fleet.arrived(new AttemptReady(null, "tenant", JobSubmission.of(Fleet.REQUEST),
                "faces@1")));
        fleet.group().append(Fleet.arrived(new AttemptReady(Fleet.FIRST, "tenant", null, "faces@1")));
        fleet.group().append(Fleet.arrived(new AttemptReady(Fleet.FIRST, "tenant", JobSubmission.of(null), "faces@1")));
        fleet.group().append(Fleet.arrived(new AttemptReady(Fleet.FIRST, "tenant", JobSubmission.of(Fleet.REQUEST),
                null)));
        new Node(fleet, "worker", new ChainRunner()).turnUntilQuiet();

        assertThat(fleet.group().rejected()).isEqualTo(4);
        assertThat(fleet.events().published(AttemptStarted.class)).isEmpty();
    }

    @Test
    void theClaimNamesItsHolder() {
        fleet.feed();
        new Node(fleet, "worker", new ChainRunner()).turnUntilQuiet();

        assertThat(fleet.ledger().claim(Fleet.FIRST)).contains(
                new Claim(Fleet.FIRST, "worker-token-1", "worker", "host-of-worker", fleet.clock().instant(),
                        "worker"));
    }
}
