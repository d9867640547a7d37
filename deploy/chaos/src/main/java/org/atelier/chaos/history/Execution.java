package org.atelier.chaos.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.job.AttemptId;
import org.jspecify.annotations.Nullable;

/** An attempt on a worker, put together from its facts. */
final class Execution {
    private final AttemptId attempt;
    private final String worker;
    private final List<Fact.AttemptStepped> steps = new ArrayList<>();
    private final List<Integer> checkpoints = new ArrayList<>();
    private final Instant first;
    private Instant last;
    private @Nullable Integer from;
    private Fact.@Nullable AttemptEnded end;

    Execution(Fact.AboutExecution first) {
        this.attempt = first.attempt();
        this.worker = first.worker();
        this.first = first.at();
        this.last = first.at();
    }

    void add(Fact.AboutExecution fact) {
        last = fact.at();
        switch (fact) {
            case Fact.AttemptStarted started -> from = started.from();
            case Fact.AttemptStepped stepped -> steps.add(stepped);
            case Fact.CheckpointWritten written -> checkpoints.add(written.step());
            case Fact.AttemptEnded ended -> end = ended;
        }
    }

    AttemptId attempt() {
        return attempt;
    }

    String worker() {
        return worker;
    }

    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }

    List<Fact.AttemptStepped> steps() {
        return steps;
    }

    List<Integer> checkpoints() {
        return checkpoints;
    }

    /** Steps that others had done before it. */
    int from() {
        return from != null ? from : steps.isEmpty() ? 0 : steps.getFirst().step() - 1;
    }

    /** The step that it got to. */
    int reached() {
        return steps.isEmpty() ? from() : steps.getLast().step();
    }

    boolean overlaps(Execution other) {
        return first.isBefore(other.last) && other.first.isBefore(last);
    }

    /** Whether it was at work at a moment; the moment of its end counts. */
    boolean isUnderWay(Instant at) {
        return !first.isAfter(at) && (end == null || !end.at().isBefore(at));
    }

    @Override
    public String toString() {
        return attempt + " on " + worker;
    }

    double deviceSeconds() {
        return end != null && end.deviceSeconds() != null
                ? end.deviceSeconds()
                : Duration.between(first, last).toNanos() / 1e9;
    }
}
