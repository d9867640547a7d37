package org.atelier.chaos.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.atelier.chaos.history.Report.Violation;
import org.atelier.common.job.RunId;

/**
 * Finds what is wrong with a history, in the manner of Jepsen: what was promised is compared with what was seen, and where
 * a client got no answer, both outcomes are right.
 */
public final class Checker {
    private final List<Fact> facts;
    private final Map<RunId, Story> stories = new TreeMap<>(Comparator.comparing(RunId::toString));
    private final List<Violation> violations = new ArrayList<>();

    private Checker(List<Fact> facts) {
        this.facts = facts;
        for (var fact : facts) {
            if (fact instanceof Fact.AboutRun about) {
                stories.computeIfAbsent(about.run(), Story::new).add(about);
            }
        }
    }

    /** Judges a history that is over: whatever was accepted and has not ended in it is lost. */
    public static Report check(History history) {
        return new Checker(history.facts()).check();
    }

    private Report check() {
        stories.values().forEach(story -> violations.addAll(story.violations()));
        var executions = stories.values().stream().flatMap(story -> story.executions().stream()).toList();
        return new Report(
                count(Story::isAskedFor),
                count(Story::isAccepted),
                count(Story::isRefused),
                count(Story::isUnknown),
                count(Story::hasEnded),
                executions.size(),
                stories.values().stream().mapToInt(Story::duplicates).sum(),
                stories.values().stream().mapToInt(Story::repeatedResults).sum(),
                executions.stream().mapToDouble(Execution::deviceSeconds).sum(),
                stories.values().stream().mapToDouble(Story::wastedDeviceSeconds).sum(),
                Spread.of(stories.values().stream().flatMap(story -> story.redone().stream()).toList()),
                Spread.of(executions.stream().flatMap(execution -> intervals(execution).stream()).toList()),
                orphans(),
                faults(),
                List.copyOf(violations));
    }

    private int count(Predicate<Story> condition) {
        return (int) stories.values().stream().filter(condition).count();
    }

    private static List<Double> intervals(Execution execution) {
        var intervals = new ArrayList<Double>();
        int before = execution.from();
        for (int step : execution.checkpoints()) {
            intervals.add((double) (step - before));
            before = step;
        }
        return intervals;
    }

    private Report.Orphans orphans() {
        var orphans = facts.stream()
                .filter(Fact.BlobPresent.class::isInstance)
                .map(Fact.BlobPresent.class::cast)
                .filter(blob -> !blob.referenced())
                .toList();
        return new Report.Orphans(orphans.size(), orphans.stream().mapToLong(Fact.BlobPresent::bytes).sum());
    }

    private TreeMap<String, Report.Fault> faults() {
        var injected = facts.stream()
                .filter(Fact.FaultInjected.class::isInstance)
                .map(Fact.FaultInjected.class::cast)
                .toList();
        var recoveries = new HashMap<String, List<Double>>();
        injected.forEach(fault -> recoveries.computeIfAbsent(fault.kind(), kind -> new ArrayList<>()));
        for (var story : stories.values()) {
            for (var successor : story.executions()) {
                story.predecessor(successor).ifPresent(struck -> cause(injected, struck, successor).ifPresent(
                        fault -> recoveries.get(fault.kind()).add(seconds(fault, successor))));
            }
        }
        var faults = new TreeMap<String, Report.Fault>();
        recoveries.forEach((kind, seconds) -> faults.put(kind, new Report.Fault(
                (int) injected.stream().filter(fault -> fault.kind().equals(kind)).count(), Spread.of(seconds))));
        return faults;
    }

    /** The last fault that struck an execution before its successor began: one of its own, else one of everybody's. */
    private static Optional<Fact.FaultInjected> cause(List<Fact.FaultInjected> injected, Execution struck,
            Execution successor) {
        if (successor.steps().isEmpty()) {
            return Optional.empty();
        }
        var candidates = injected.stream()
                .filter(fault -> struck.isUnderWay(fault.at()) && !fault.at().isAfter(successor.first()))
                .toList();
        return candidates.stream()
                .filter(fault -> struck.worker().equals(fault.target()))
                .reduce((earlier, later) -> later)
                .or(() -> candidates.stream().filter(fault -> fault.target() == null).reduce((earlier,
                        later) -> later));
    }

    private static double seconds(Fact.FaultInjected fault, Execution successor) {
        return Duration.between(fault.at(), successor.steps().getFirst().at()).toNanos() / 1e9;
    }
}
