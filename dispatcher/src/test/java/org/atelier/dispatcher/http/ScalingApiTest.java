package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobType;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.DemandWriter;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingApiTest {
    private static final String EDIT = "/v1/scaling/edit";

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void open() {
        api = new ApiFixture(folder);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private JsonNode demand() {
        var response = api.get(EDIT);
        assertThat(response.statusCode()).isEqualTo(200);
        return ApiFixture.json(response);
    }

    @Test
    void countsWhatWaitsAndWhatRuns() {
        for (int job = 0; job < 5; job++) {
            api.fleet.accept("job-" + job);
        }
        api.fleet.pass(Duration.ofSeconds(4));
        assertThat(api.fleet.fed()).as("two lie in the ready topic").hasSize(2);
        api.fleet.hear(new Message.AttemptStarted(attempt("job-0", 1), "worker-1", "host-1", 1));

        assertThat(demand()).isEqualTo(Intakes.json(
                "{\"demandSlots\": 5, \"queued\": 4, \"running\": 1, \"oldestQueuedSeconds\": 4}"));
    }

    @Test
    void whatIsKnownToBeNothingIsZero() {
        assertThat(demand().path("demandSlots").asInt(-1)).isZero();
    }

    @Test
    void whatIsNotKnownIsAnErrorAndNeverZero() {
        api.caughtUp = false;

        var response = api.get(EDIT);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(ApiFixture.problem(response).type()).isEqualTo("urn:atelier:problem:unavailable");
    }

    /** A service in front of two asks either; what the leader wrote a moment ago is as good as its own answer. */
    @Test
    void thoseThatDoNotLeadTellWhatTheLeaderCounted() {
        api.otherLeader = Optional.of("d-2/1a2b3c4d");
        new DemandWriter(Fleet.SETTINGS.pools(), new Demand(Fleet.SETTINGS.tenants(), api.fleet.book,
                api.fleet.workers, api.fleet.time, () -> true), api.board, api.fleet.time).step();
        assertThat(demand().path("demandSlots").asInt(-1)).isZero();

        api.board.write(Map.of("edit", new Demand.Slots(3, 2, 7)));

        assertThat(demand()).isEqualTo(Intakes.json(
                "{\"demandSlots\": 5, \"queued\": 3, \"running\": 2, \"oldestQueuedSeconds\": 7}"));
    }

    /** Workers would be started for it, find that they are too small, and be ended: again and again. */
    @Test
    void whatNoWorkerOfThePoolCouldHoldIsNotCounted() {
        api.fleet.accept(Samples.request("small", 1_000_000_000L));
        api.fleet.accept(Samples.request("large", 40_000_000_000L));
        assertThat(demand().path("demandSlots").asInt()).as("nobody knows yet what a worker would hold").isEqualTo(2);

        api.fleet.workers.alive(Samples.worker("w", Set.copyOf(JobType.ofWorkers()), 16_000_000_000L));
        assertThat(demand().path("demandSlots").asInt()).isEqualTo(1);

        api.fleet.workers.left("w");
        assertThat(demand().path("demandSlots").asInt()).as("the next one would be as large").isEqualTo(1);

        api.fleet.time.pass(Duration.ofMinutes(31));
        assertThat(demand().path("demandSlots").asInt()).as("the pool may be another by now").isEqualTo(2);
    }

    @Test
    void withoutTheLeadersWordTheOthersSayWhoLeads() {
        api.otherLeader = Optional.of("d-2/1a2b3c4d");

        var response = api.get(EDIT);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(ApiFixture.problem(response).type()).isEqualTo("urn:atelier:problem:not-leading");
        assertThat(ApiFixture.problem(response).detail()).contains("d-2/1a2b3c4d");
    }

    @Test
    void aPoolThatThereIsNotIsSaid() {
        var response = api.get("/v1/scaling/train");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(ApiFixture.problem(response).detail()).contains("edit");
    }
}
