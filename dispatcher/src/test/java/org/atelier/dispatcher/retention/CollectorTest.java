package org.atelier.dispatcher.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.RunOrigin;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Samples;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
    private static final Principal WHO = new Principal("default", "anna");

    @TempDir
    private Path folder;

    private static void succeed(Fleet fleet, String job) {
        fleet.accept(job);
        end(fleet, Samples.run(job));
    }

    private static void end(Fleet fleet, RunId run) {
        var manifest = Samples.manifest(new AttemptId(run, 1), Outcome.SUCCEEDED);
        fleet.ledger.commit(manifest);
        fleet.hear(new Message.RunEnded(manifest));
    }

    private static CollectionView run(Fleet fleet, Retention retention, boolean dryRun) {
        var collections = new Collections(fleet.store, new Audit(fleet.events), fleet.time);
        var asked = collections.submit(WHO, dryRun);
        assertThat(collections.find(asked.id()).orElseThrow().done()).isFalse();
        retention.step();
        retention.step();
        return collections.find(asked.id()).orElseThrow();
    }

    @Test
    void jobsAreKeptAsLongAsTheirTenantSays() {
        try (var fleet = new Fleet(TestDatabase.SQLITE, folder, Map.of("ATELIER_TENANTS",
                "*:weight=1,retention=30d"))) {
            var retention = fleet.retention(Map.of("ATELIER_GC_INTERVAL", "0s"));
            succeed(fleet, "old");
            succeed(fleet, "replayed");
            succeed(fleet, "runs-again");
            fleet.time.pass(Duration.ofDays(20));
            var again = Samples.run("replayed").next();
            fleet.ledger.replay(new RunOrigin(again, "replay-1", "anna", fleet.time.instant()));
            end(fleet, again);
            succeed(fleet, "young");
            fleet.ledger.replay(new RunOrigin(Samples.run("runs-again").next(), "replay-1", "anna", fleet.time
                    .instant()));
            fleet.time.pass(Duration.ofDays(11));

            assertThat(run(fleet, retention, true).expired()).isOne();
            assertThat(fleet.index.find(new JobId("old"))).as("a dry run").isPresent();
            assertThat(run(fleet, retention, false).expired()).isOne();

            assertThat(fleet.index.find(new JobId("old"))).isEmpty();
            assertThat(fleet.store.keys()).contains(StoreKeys.erased(new JobId("old")));
            assertThat(List.of("replayed", "runs-again", "young")).allMatch(job -> fleet.index.find(new JobId(
                    job)).isPresent());
            assertThat(fleet.events.published(Message.ActionAudited.class)).extracting(Message.ActionAudited::action)
                    .containsExactly("store.collect", "store.collect", "job.expire");
        }
    }

    @Test
    void withoutASettingNothingIsEverTooOld() {
        try (var fleet = new Fleet(folder)) {
            succeed(fleet, "old");
            fleet.time.pass(Duration.ofDays(3_000));

            assertThat(run(fleet, fleet.retention(Map.of()), false).expired()).isZero();
            assertThat(fleet.index.find(new JobId("old"))).isPresent();
        }
    }

    @Test
    void nobodyNeedsToAskButToRemoveHasToBeAllowed() {
        try (var fleet = new Fleet(folder)) {
            var blob = new BlobStore(fleet.store).put("orphan", new byte[]{1}, "image/png");
            fleet.time.pass(Duration.ofDays(8));

            fleet.retention(Map.of()).step();
            assertThat(fleet.store.keys()).contains(StoreKeys.blob(blob.digest()));
            assertThat(reports(fleet)).isOne();
            fleet.retention(Map.of("ATELIER_GC_SWEEP", "true")).step();
            assertThat(reports(fleet)).as("another dispatcher did it a moment ago").isOne();

            fleet.time.pass(Duration.ofDays(1).plusSeconds(1));
            fleet.retention(Map.of("ATELIER_GC_SWEEP", "true")).step();
            assertThat(fleet.store.keys()).doesNotContain(StoreKeys.blob(blob.digest()));
            assertThat(reports(fleet)).isEqualTo(2);
        }
    }

    private static long reports(Fleet fleet) {
        return fleet.store.keys().stream().filter(key -> key.endsWith("/report.json")).count();
    }
}
