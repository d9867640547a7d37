package org.atelier.local.chaos;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.client.AtelierClient;
import org.atelier.common.client.RefusedException;
import org.atelier.common.client.UnreachableException;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.dispatcher.cli.DispatcherClient;

/**
 * An upstream service: it submits jobs under keys of its own, and sends one again for as long as it has no answer that
 * it can rely on. Used by one thread.
 */
final class Load implements AutoCloseable {
    private static final String TENANT = "default";
    private static final String BUNDLE = "avatar-128";
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;
    private static final int MOST_PICTURES = 8;
    private static final int FEWEST_STEPS = 20;
    private static final int MOST_STEPS = 160;
    private static final double SHARE_OF_SHORT = 0.4;
    private static final double SHARE_OF_CANCELLED = 0.03;

    private final AtelierClient client;
    private final DispatcherClient commands;
    private final History history;
    private final Clock clock;
    private final Random random;
    private final String prefix;
    private final Map<RunId, JobRequest> requests = new LinkedHashMap<>();

    /** @param prefix of its keys: another load of the same fleet has another one */
    Load(URI dispatcher, History history, Clock clock, Random random, String prefix) {
        this.client = AtelierClient.at(dispatcher);
        this.commands = new DispatcherClient(dispatcher);
        this.history = history;
        this.clock = clock;
        this.random = random;
        this.prefix = prefix;
    }

    /** Submits one as it comes: short or long, now and then cancelled. */
    RunId submit() throws InterruptedException {
        var run = submit(random.nextDouble() < SHARE_OF_SHORT
                ? pictures(random.nextInt(1, MOST_PICTURES + 1))
                : edit(random.nextInt(FEWEST_STEPS, MOST_STEPS + 1)));
        if (random.nextDouble() < SHARE_OF_CANCELLED) {
            cancel(run);
        }
        return run;
    }

    /** A short one. */
    JobRequest pictures(int count) {
        return GenerateRequest.of(BUNDLE, LongStream.range(0, count).<Source>mapToObj(number -> new Source.Seed(
                requests.size() * 100L + number)).toList());
    }

    /** A long one. */
    OptimizeRequest edit(int steps) {
        var plain = OptimizeRequest.of(BUNDLE, new Source.Seed(requests.size()), prefix + " " + requests.size());
        var tree = (ObjectNode) Json.tree(plain);
        return Json.read(tree.put("steps", steps), OptimizeRequest.class);
    }

    /** Submits a request, and comes back when it was accepted or refused. */
    RunId submit(JobRequest request) throws InterruptedException {
        var key = prefix + "-" + requests.size();
        var run = RunId.first(JobId.ofKey(TENANT, key));
        synchronized (this) {
            requests.put(run, request);
        }
        history.add(new Fact.Submitted(clock.instant(), run));
        while (!submitted(run, request, key)) {
            Thread.sleep(BETWEEN_TRIES);
        }
        return run;
    }

    private boolean submitted(RunId run, JobRequest request, String key) throws InterruptedException {
        try {
            client.submit(JobSubmission.of(request), key);
            history.add(new Fact.Accepted(clock.instant(), run));
            return true;
        } catch (UnreachableException e) {
            history.add(new Fact.Unknown(clock.instant(), run, e.getMessage()));
            return false;
        } catch (RefusedException e) {
            int status = e.problem().status();
            if (status >= CLIENT_ERROR && status < SERVER_ERROR && status != TOO_MANY) {
                history.add(new Fact.Refused(clock.instant(), run, e.getMessage()));
                return true;
            }
            history.add(new Fact.Unknown(clock.instant(), run, e.getMessage()));
            return false;
        }
    }

    /** Asks for the end of a run; whether it is heard in time is open. */
    void cancel(RunId run) throws InterruptedException {
        history.add(new Fact.CancelAsked(clock.instant(), run));
        try {
            client.job(run.job()).cancel();
        } catch (UnreachableException | RefusedException e) {
            history.add(new Fact.Unknown(clock.instant(), run, e.getMessage()));
        }
    }

    /** Has jobs run again, as one replay; returns the runs that this makes. */
    List<RunId> replay(List<RunId> runs, int perSecond) throws InterruptedException {
        var next = runs.stream().map(RunId::next).toList();
        for (var run : runs) {
            history.add(new Fact.Submitted(clock.instant(), run.next()));
            synchronized (this) {
                requests.put(run.next(), requests.get(run));
            }
        }
        commands.replay(Json.tree(Map.of("id", prefix + "-replay", "jobs", runs.stream().map(RunId::job).toList(),
                "per_second", perSecond)));
        next.forEach(run -> history.add(new Fact.Accepted(clock.instant(), run)));
        return next;
    }

    /** Has blobs removed that nothing names; comes back when that is done. */
    void collect() throws InterruptedException {
        var id = commands.collect(false).path("id").asText();
        while (!commands.collection(id).path("done").asBoolean()) {
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    /** Every run that it asked for. */
    synchronized Map<RunId, JobRequest> requests() {
        return new LinkedHashMap<>(requests);
    }

    @Override
    public void close() {
        client.close();
        commands.close();
    }
}
