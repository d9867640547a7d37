package org.atelier.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.atelier.local.fleet.Installation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The benchmark measures what it says it does; how much that is, no test knows. */
@Tag("chaos")
class LoadBenchIT {
    private static final int JOBS = 6;
    private static final int TIMED = 2;
    private static final int WAITING = 40;
    private static final int DRAINED = 3;

    private final StringWriter told = new StringWriter();

    private LoadReport run(List<Integer> backlogs) throws Exception {
        return LoadBench.run(Installation.ofThisProcess(), new LoadOptions(JOBS, 1, 2, 4, 2, TIMED, backlogs, DRAINED,
                Map.of()), new PrintWriter(told));
    }

    private static void assertIsPlausible(LoadReport.Latency latency) {
        assertThat(latency.jobs()).isEqualTo(TIMED);
        // Each of them is a step of the same job, by one clock.
        assertThat(latency.fedMillis().max()).isGreaterThanOrEqualTo(latency.fedMillis().p50()).isPositive();
        assertThat(latency.startMillis().p50()).isGreaterThan(latency.fedMillis().p50());
        assertThat(latency.endMillis().p50()).isGreaterThan(latency.startMillis().p50());
    }

    private static Set<String> names(JsonNode node) {
        var names = new TreeSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void everyWayInAndTheWayThroughAreMeasured() throws Exception {
        var report = run(List.of());

        for (var intake : List.of(report.http(), report.bulk(), report.kafka())) {
            assertThat(intake.jobs()).isEqualTo(JOBS);
            assertThat(intake.perSecond()).isPositive().isGreaterThanOrEqualTo(intake.listedPerSecond());
            assertThat(intake.requestMillis().p50()).isPositive();
            assertThat(intake.cpu().worker()).isNull();
        }
        assertThat(report.endToEnd().jobs()).isEqualTo(3 * JOBS);
        assertThat(report.endToEnd().perSecond()).isPositive();
        assertIsPlausible(report.idle());
        assertIsPlausible(report.loaded());
        assertThat(report.backlogs()).isEmpty();
        assertThat(names(Json.tree(report))).containsExactly("backlogs", "bulk", "end_to_end", "http", "idle", "kafka",
                "loaded", "machine");
        assertThat(LoadTable.of(report)).contains("HTTP bulk", "Kafka", "run to end", "idle", "beside");
    }

    @Test
    void aBacklogIsFilledAndRun() throws Exception {
        var report = run(List.of(WAITING));

        assertThat(report.backlogs()).singleElement().satisfies(backlog -> {
            assertThat(backlog.waiting()).isEqualTo(WAITING);
            assertThat(backlog.accepted()).isEqualTo(DRAINED);
            assertThat(backlog.drained()).isGreaterThanOrEqualTo(DRAINED);
            assertThat(backlog.heapMegabytes()).isPositive();
            assertThat(backlog.residentMegabytes()).isGreaterThan(backlog.heapMegabytes());
            assertIsPlausible(backlog.urgent());
        });
        assertThat(LoadTable.of(report)).contains("urgent before " + WAITING);
    }
}
