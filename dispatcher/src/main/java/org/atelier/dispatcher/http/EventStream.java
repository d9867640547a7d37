package org.atelier.dispatcher.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.JobLedger;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.StoredEvent;
import org.atelier.dispatcher.watch.JobWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a job as a stream of server-sent events: those that were, then those that come, until the run has ended.
 *
 * <p>The id of an event is its record's offset, so that a watcher who was cut off goes on where it was by {@code Last-Event-ID}.
 * There is one source of events, the projection; news only wake the stream to look there again. A stream holds a virtual
 * thread and nothing else.
 */
final class EventStream {
    /** A silent stream says after this wait that it is alive, and looks whether there is news that did not wake it. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int AT_ONCE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final JobViews views;
    private final JobIndex index;
    private final JobLedger ledger;
    private final JobWatch watch;
    private final Duration patience;

    /** @param patience wait after which a silent stream says that it is alive */
    EventStream(JobViews views, JobIndex index, JobLedger ledger, JobWatch watch, Duration patience) {
        this.views = views;
        this.index = index;
        this.ledger = ledger;
        this.watch = watch;
        this.patience = patience;
    }

    void register(Routing routing) {
        routing.add(HandlerType.GET, "/v1/jobs/{id}/events", Role.READ, this::stream);
    }

    private void stream(Context ctx) throws IOException {
        var job = Requests.job(ctx);
        var view = views.find(Principals.of(ctx), job).orElseThrow(() -> Requests.unknownJob(job.value()));
        long last = Requests.lastEventId(ctx);
        if (last >= 0 && view.state().terminal() && index.events(job, last, 1).isEmpty()) {
            // The watcher has seen the end; by this status it knows not to come back.
            ctx.status(HttpStatus.NO_CONTENT);
            return;
        }
        ctx.status(HttpStatus.OK)
                .contentType("text/event-stream;charset=utf-8")
                .header(Header.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no");
        // From here on the answer has begun: whatever happens, all that can be done is to end it.
        ctx.res().flushBuffer();
        try (var watcher = watch.watch(job)) {
            follow(job, last, watcher, ctx.res().getOutputStream());
        } catch (IOException e) {
            LOG.debug("a watcher of {} has gone", job, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("the stream of {} is broken off; its watcher will come back and go on where it was ({})", job, e
                    .toString());
            LOG.debug("because of", e);
        }
    }

    private void follow(JobId job, long after, JobWatch.Watcher watcher, OutputStream out)
            throws IOException, InterruptedException {
        long last = after;
        while (!watcher.isOver()) {
            var events = index.events(job, last, AT_ONCE);
            for (var event : events) {
                write(out, Optional.of(event.offset()), event.name(), event.data());
                last = event.offset();
                if (isTheEnd(event)) {
                    return;
                }
            }
            if (!events.isEmpty() || watcher.bell().await(patience)) {
                continue;
            }
            if (endedUnheard(job, out)) {
                return;
            }
            out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private boolean isTheEnd(StoredEvent event) {
        return event.name().equals(StoredEvent.RUN_ENDED)
                && index.find(event.job()).map(entry -> entry.run() <= event.run()).orElse(true);
    }

    /** The end may be known while its event is not: it was forgotten, or never written. Then the manifest tells it. */
    private boolean endedUnheard(JobId job, OutputStream out) throws IOException {
        var entry = index.find(job);
        var run = new RunId(job, entry.map(JobIndex.Entry::run).orElse(RunId.FIRST));
        if (!entry.map(JobIndex.Entry::state).map(JobState::terminal).orElse(true)) {
            return false;
        }
        var manifest = ledger.manifest(run);
        if (manifest.isEmpty()) {
            // Erased while it was watched: there is nothing to come.
            return ledger.erased(job).isPresent();
        }
        write(out, Optional.empty(), StoredEvent.RUN_ENDED, Json.text(new Message.RunEnded(manifest.get())));
        return true;
    }

    private static void write(OutputStream out, Optional<Long> id, String name, String data) throws IOException {
        var text = id.map(value -> "id: " + value + "\n").orElse("") + "event: " + name + "\ndata: " + data + "\n\n";
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
