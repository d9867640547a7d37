package org.atelier.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.atelier.chaos.history.Report.Kind;
import org.atelier.chaos.history.Report.Violation;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Outcome;

/** All facts about one run, and what is wrong with them. */
final class Story {
    private final RunId run;
    private final List<Fact.ManifestCreated> manifests = new ArrayList<>();
    private final List<Fact.ResultPublished> results = new ArrayList<>();
    private final Map<Place, Execution> executions = new LinkedHashMap<>();
    private boolean submitted;
    private boolean accepted;
    private boolean refused;

    private record Place(AttemptId attempt, String worker) {}

    Story(RunId run) {
        this.run = run;
    }

    void add(Fact.AboutRun fact) {
        switch (fact) {
            case Fact.Submitted asked -> submitted = true;
            case Fact.Accepted promise -> accepted = true;
            case Fact.Refused refusal -> refused = true;
            case Fact.Unknown unknown -> submitted = true;
            case Fact.ManifestCreated manifest -> manifests.add(manifest);
            case Fact.ResultPublished result -> results.add(result);
            case Fact.CancelAsked cancel -> {
                // It promises nothing: the run may end before the cancel arrives.
            }
            case Fact.AboutExecution about -> executions.computeIfAbsent(new Place(about.attempt(), about.worker()),
                    place -> new Execution(about)).add(about);
        }
    }

    boolean isAskedFor() {
        return submitted || accepted || refused;
    }

    boolean isAccepted() {
        return accepted;
    }

    boolean isRefused() {
        return refused && !accepted;
    }

    boolean isUnknown() {
        return submitted && !accepted && !refused;
    }

    boolean hasEnded() {
        return !manifests.isEmpty();
    }

    /** In the order of their beginnings. */
    List<Execution> executions() {
        return List.copyOf(executions.values());
    }

    int repeatedResults() {
        return results.size() - tokensOfResults().size();
    }

    private List<String> tokensOfResults() {
        return results.stream().map(Fact.ResultPublished::token).distinct().toList();
    }

    private List<String> tokensOfManifests() {
        return manifests.stream().map(Fact.ManifestCreated::token).distinct().toList();
    }

    /** Executions that began while an earlier one was still at work. */
    int duplicates() {
        return (int) executions().stream()
                .filter(execution -> executions().stream().anyMatch(other -> other != execution
                        && other.first().compareTo(execution.first()) <= 0
                        && isBefore(other, execution)
                        && other.overlaps(execution)))
                .count();
    }

    private boolean isBefore(Execution one, Execution other) {
        return executions().indexOf(one) < executions().indexOf(other);
    }

    /** The execution of the attempt before, if it did anything. */
    Optional<Execution> predecessor(Execution execution) {
        return executions.values().stream()
                .filter(other -> other.attempt().attempt() < execution.attempt().attempt())
                .max(Comparator.comparingInt((Execution other) -> other.attempt().attempt())
                        .thenComparing(Execution::last));
    }

    /** How many steps of its predecessor each attempt did again. */
    List<Double> redone() {
        return executions.values().stream()
                .flatMap(execution -> predecessor(execution)
                        .map(before -> (double) Math.max(0, before.reached() - execution.from())).stream())
                .toList();
    }

    /** The share of the device's time that went into steps that were not needed, had nothing happened. */
    double wastedDeviceSeconds() {
        double all = executions.values().stream().mapToDouble(Execution::deviceSeconds).sum();
        if (hasEnded() && manifests.getFirst().outcome() != Outcome.SUCCEEDED) {
            return all;
        }
        int computed = executions.values().stream().mapToInt(execution -> execution.reached() - execution.from()).sum();
        int needed = executions.values().stream().mapToInt(Execution::reached).max().orElse(0);
        return computed <= needed ? 0 : all * (computed - needed) / computed;
    }

    List<Violation> violations() {
        var violations = new ArrayList<Violation>();
        if (accepted && !hasEnded()) {
            violations.add(violation(Kind.LOST, "it was accepted and has no manifest"));
        }
        if (hasEnded() && results.isEmpty()) {
            violations.add(violation(Kind.UNTOLD, "it ended and no result was published"));
        }
        if (tokensOfManifests().size() > 1) {
            violations.add(violation(Kind.DOUBLE_MANIFEST, "manifests were written by " + tokensOfManifests()));
        }
        if (tokensOfResults().size() > 1) {
            violations.add(violation(Kind.DOUBLE_RESULT, "results were told of " + tokensOfResults()));
        }
        tokensOfResults().stream().filter(token -> !tokensOfManifests().contains(token)).forEach(
                token -> violations.add(violation(Kind.RESULT_WITHOUT_MANIFEST, "a result was told of " + token)));
        if ((hasEnded() || !results.isEmpty()) && (!isAskedFor() || isRefused())) {
            violations.add(violation(Kind.UNEXPECTED, isRefused()
                    ? "it was refused and has ended"
                    : "nobody asked for it, and it has ended"));
        }
        executions.values().stream().collect(Collectors.groupingBy(Execution::attempt)).forEach((attempt, twice) -> {
            if (twice.size() > 1) {
                violations.add(violation(Kind.ATTEMPT_TWICE, attempt + " was executed by " + twice.stream().map(
                        Execution::worker).toList()));
            }
        });
        addBothCommitted(violations);
        return violations;
    }

    private void addBothCommitted(List<Violation> violations) {
        var committed = executions().stream()
                .filter(execution -> manifests.stream().map(Fact.ManifestCreated::attempt).anyMatch(
                        attempt -> attempt == execution.attempt().attempt()))
                .toList();
        for (int one = 0; one < committed.size() && tokensOfManifests().size() > 1; one++) {
            for (var other : committed.subList(one + 1, committed.size())) {
                if (committed.get(one).overlaps(other)) {
                    violations.add(violation(Kind.BOTH_COMMITTED, committed.get(one) + " and " + other
                            + " ran at once and both ended the run"));
                }
            }
        }
    }

    private Violation violation(Kind kind, String what) {
        return new Violation(kind, run, what);
    }
}
