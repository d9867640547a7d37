package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Intakes.GENERATE;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.progressed;
import static org.atelier.dispatcher.support.Samples.started;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.atelier.common.event.Message;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Intakes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStreamTest {
    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void aJobIsAccepted() {
        api = new ApiFixture(folder);
        api.put("/v1/jobs/my-job", GENERATE);
        api.loop.read();
    }

    @AfterEach
    void close() {
        api.close();
    }

    /** What a watcher has seen so far, and whether the stream has ended. */
    private record Watching(List<String> lines, CompletableFuture<Void> end) {
        List<String> all(String field) {
            return lines.stream().filter(line -> line.startsWith(field + ": ")).map(line -> line.substring(field
                    .length() + 2)).toList();
        }
    }

    private Watching watch(String lastEventId) {
        var lines = new CopyOnWriteArrayList<String>();
        var request = api.to("/v1/jobs/my-job/events");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        var end = api.client().sendAsync(request.build(), BodyHandlers.ofLines()).thenAcceptAsync(response -> {
            assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream;charset=utf-8");
            response.body().forEach(lines::add);
        });
        return new Watching(lines, end);
    }

    private void happens(Message message) {
        api.fleet.events.publishAndWait(Topics.EVENTS, message);
        api.loop.read();
    }

    private void ends() {
        happens(new Message.RunEnded(manifest(attempt("my-job", 1), Outcome.SUCCEEDED)));
    }

    @Test
    void aWatcherSeesWhatWasAndWhatComesUntilTheEnd() {
        happens(started(attempt("my-job", 1)));
        var watching = watch(null);
        await().until(() -> watching.all("event").size() == 2);

        happens(progressed(attempt("my-job", 1), 1));
        await().until(() -> watching.all("event").size() == 3);
        ends();

        watching.end.join();
        assertThat(watching.all("event")).containsExactly("run.queued", "attempt.started", "attempt.progressed",
                "run.ended");
        assertThat(watching.all("id")).hasSize(4).doesNotHaveDuplicates();
        assertThat(Intakes.json(watching.all("data").get(2)).get("sequence").asInt()).isEqualTo(1);
        assertThat(Intakes.json(watching.all("data").getLast()).get("manifest").get("outcome").asText()).isEqualTo(
                "succeeded");
        assertThat(api.watch.size()).as("nobody is left waiting").isZero();
    }

    @Test
    void aWatcherWhoWasCutOffGoesOnWhereItWas() {
        happens(started(attempt("my-job", 1)));
        for (int sequence = 1; sequence <= 3; sequence++) {
            happens(progressed(attempt("my-job", 1), sequence));
        }
        ends();
        var whole = watch(null);
        whole.end.join();
        var ids = whole.all("id");

        for (int seen = 0; seen < ids.size() - 1; seen++) {
            var resumed = watch(ids.get(seen));
            resumed.end.join();
            assertThat(resumed.all("id")).isEqualTo(ids.subList(seen + 1, ids.size()));
        }
    }

    @Test
    void aWatcherWhoHasSeenTheEndIsToldNotToComeBack() {
        ends();
        var whole = watch(null);
        whole.end.join();

        var again = api.send(api.to("/v1/jobs/my-job/events").header("Last-Event-ID", whole.all("id").getLast()));
        assertThat(again.statusCode()).isEqualTo(204);
    }

    @Test
    void aSilentStreamShowsThatItIsAlive() {
        var watching = watch(null);

        await().until(() -> watching.lines.stream().anyMatch(line -> line.equals(":")));
        assertThat(watching.end).isNotDone();
        ends();
        watching.end.join();
    }

    @Test
    void anEndWhoseEventWasForgottenIsToldFromTheManifest() {
        var manifest = manifest(attempt("my-job", 1), Outcome.FAILED);
        api.fleet.ledger.commit(manifest);
        api.fleet.hear(new Message.RunEnded(manifest));
        api.fleet.book.forgetEvents(api.fleet.time.instant().plusSeconds(1));

        var watching = watch(null);
        watching.end.join();

        assertThat(watching.all("event")).containsExactly("run.ended");
        assertThat(watching.all("id")).isEmpty();
        assertThat(watching.all("data").getFirst()).contains("\"outcome\":\"failed\"");
    }

    @Test
    void manyWatchersSeeTheSame() {
        var watchers = new ArrayList<Watching>();
        for (int i = 0; i < 20; i++) {
            watchers.add(watch(null));
        }
        await().until(() -> api.watch.size() == 20);
        happens(started(attempt("my-job", 1)));
        ends();

        for (var watching : watchers) {
            watching.end.join();
            assertThat(watching.all("event")).containsExactly("run.queued", "attempt.started", "run.ended");
        }
    }

    @Test
    void whenTheDispatcherStopsStreamsEnd() {
        var watching = watch(null);
        await().until(() -> api.watch.size() == 1);

        api.watch.close();

        watching.end.join();
        assertThat(watching.all("event")).containsExactly("run.queued");
    }
}
