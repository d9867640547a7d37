package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.metrics.Meter;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.slot.Verdict;

/**
 * The series of the processes.
 *
 * @param series by name, with the labels that they have and the values of each that were seen
 */
record Meters(Map<String, Map<String, Set<String>>> series) {
    private static final Pattern SERIES = Pattern.compile("(?m)^(atelier_[a-z_]+)(?:\\{([^}]*)})? ");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern ASKED = Pattern.compile("(atelier_[a-z_]+)(?:\\{([^}]*)})?");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([a-z_, ]+)\\)\\s*\\([^)]*?(atelier_[a-z_]+)");
    /** What Prometheus adds to each series. */
    private static final Set<String> ADDED = Set.of("instance", "job");

    /** Registers every meter of both processes as they do, and reads what they tell. */
    static Meters ofBothProcesses() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        dispatcher(new Metrics(registry));
        worker(new WorkerMetrics(registry));
        var series = new LinkedHashMap<String, Map<String, Set<String>>>();
        SERIES.matcher(registry.scrape()).results().forEach(line -> {
            var labels = series.computeIfAbsent(line.group(1), name -> new LinkedHashMap<>());
            if (line.group(2) != null) {
                LABEL.matcher(line.group(2)).results().forEach(label -> labels.computeIfAbsent(label.group(1),
                        name -> new LinkedHashSet<>()).add(label.group(3)));
            }
        });
        return new Meters(series);
    }

    private static void dispatcher(Metrics metrics) {
        metrics.accepted(JobType.GENERATE, Metrics.Channel.HTTP);
        metrics.refused(Metrics.Channel.HTTP);
        metrics.unreadable("atelier.requests");
        metrics.skipped("atelier.requests");
        metrics.fed("edit");
        metrics.fedAgain("edit");
        metrics.lost();
        metrics.webhook(Metrics.WebhookResult.FAILED, 1);
        metrics.webhooksPending(() -> 1);
        metrics.collected(2, 2, 1, 1);
        metrics.erased(1, 1, 1);
        Arrays.stream(ErrorCategory.values()).forEach(metrics::failed);
        Arrays.stream(Outcome.values()).forEach(outcome -> metrics.ended(outcome, JobType.GENERATE));
        Arrays.stream(Outage.values()).forEach(outage -> metrics.outage(outage.name()));
        metrics.slots(Set.of("edit"), pool -> 1);
        metrics.leader(() -> true);
        Arrays.stream(org.atelier.common.api.JobState.values()).forEach(state -> metrics.jobs(state.name().toLowerCase(
                Locale.ROOT), () -> 1));
    }

    /** Whether something of the project tells every meter that is documented, and nothing else. */
    void areThoseThatAreDocumented() {
        assertThat(names()).containsExactlyInAnyOrderElementsOf(Arrays.stream(Meter.values()).map(Meter::series)
                .toList());
    }

    private static void worker(WorkerMetrics metrics) {
        metrics.watchRunning(() -> 1);
        metrics.delivered(new Verdict.Reject("no JSON").word());
        metrics.lockLost();
        metrics.consumerFailed();
        metrics.leaseFailed();
        metrics.checkpointed();
        metrics.eventLost();
        metrics.ended(JobType.GENERATE, "succeeded", Map.of("wait", 1.0, "load", 1.0, "run", 1.0, "store", 1.0,
                "commit",
                1.0));
        metrics.wasted(JobType.GENERATE, 1);
    }

    /** Names of all series. */
    Set<String> names() {
        return series.keySet();
    }

    /** Names of the series that an expression asks for. */
    static List<String> asked(String expression) {
        return ASKED.matcher(expression).results().map(match -> match.group(1)).distinct().toList();
    }

    /** What an expression asks for and no process tells: names, labels, values of labels. */
    List<String> problems(String expression) {
        var problems = new ArrayList<String>();
        ASKED.matcher(expression).results().forEach(match -> {
            var labels = series.get(match.group(1));
            if (labels == null) {
                problems.add("no series " + match.group(1) + ", there are " + names());
            } else if (match.group(2) != null) {
                LABEL.matcher(match.group(2)).results().forEach(label -> check(match.group(1), labels, label.group(1),
                        label.group(3), problems));
            }
        });
        GROUPED.matcher(expression).results().forEach(match -> {
            for (var label : match.group(1).split(", *")) {
                if (!ADDED.contains(label) && !series.getOrDefault(match.group(2), Map.of()).containsKey(label)) {
                    problems.add(match.group(2) + " has no label " + label);
                }
            }
        });
        return problems;
    }

    private static void check(String name, Map<String, Set<String>> labels, String label, String value,
            List<String> problems) {
        if (!labels.containsKey(label)) {
            problems.add(name + " has no label " + label);
            return;
        }
        for (var alternative : value.split("\\|")) {
            if (!labels.get(label).contains(alternative)) {
                problems.add(name + " has no " + label + " " + alternative + ", there are " + labels.get(label));
            }
        }
    }
}
