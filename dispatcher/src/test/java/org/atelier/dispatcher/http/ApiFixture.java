package org.atelier.dispatcher.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.Problem;
import org.atelier.common.config.Configuration;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.dispatcher.access.AccessSettings;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Doorkeeper;
import org.atelier.dispatcher.access.Tokens;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.projection.FleetIndex;
import org.atelier.dispatcher.projection.UploadRows;
import org.atelier.dispatcher.retention.Collections;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.DemandBoard;
import org.atelier.dispatcher.schedule.Obstacles;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.Loop;
import org.atelier.dispatcher.support.Receiver;
import org.atelier.dispatcher.upload.Uploads;
import org.atelier.dispatcher.watch.JobWatch;
import org.atelier.dispatcher.webhook.Courier;
import org.atelier.dispatcher.webhook.Destinations;
import org.atelier.dispatcher.webhook.Trial;
import org.atelier.dispatcher.webhook.WebhookDesk;
import org.atelier.dispatcher.webhook.WebhookSettings;

/** The API as it runs in production, on a free port, over a fleet in memory. */
final class ApiFixture implements AutoCloseable {
    /** Short enough for tests to see what comes after it, long enough for nothing to depend on it. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    final Fleet fleet;
    final Loop loop;
    final JobWatch watch = new JobWatch();
    Optional<String> trouble = Optional.empty();
    volatile boolean caughtUp = true;
    final Board board = new Board();
    volatile Optional<String> otherLeader = Optional.empty();
    volatile Optional<Integer> uploadQuota = Optional.empty();

    final Tokens tokens;
    private final Contract contract = new Contract();

    private final HttpServer server;
    private final Courier courier;
    private final HttpClient client = HttpClient.newHttpClient();

    ApiFixture(Path folder) {
        this(folder, AccessSettings.OPEN);
    }

    ApiFixture(Path folder, AccessSettings access) {
        this(folder, access, Optional.empty());
    }

    ApiFixture(Path folder, AccessSettings access, Optional<TlsSettings> tls) {
        fleet = new Fleet(folder);
        var intake = Intakes.over(fleet);
        loop = new Loop(fleet, intake, watch);
        var checks = List.of(new Health.Check("store", () -> trouble));
        tokens = new Tokens(fleet.store, fleet.time);
        var doorkeeper = new Doorkeeper(access, tokens, "127.0.0.1");
        var settings = WebhookSettings.of(Configuration.read(WebhookSettings.LIST, Map.of("ATELIER_WEBHOOK_HTTP",
                "true",
                "ATELIER_WEBHOOK_NETWORKS", "127.0.0.1")));
        var destinations = new Destinations(settings, Receiver::resolve);
        courier = new Courier(settings, destinations, fleet.time);
        server = new HttpServer(new HttpSettings("127.0.0.1", 0, Duration.ofHours(1), tls), new HttpServer.Services(
                intake,
                new Cancellation(fleet.ledger, fleet.events, fleet.time), fleet.index, fleet.ledger, fleet.store,
                Intakes.bundles(fleet), tokens, doorkeeper, new Audit(fleet.events), watch, new Health(List.of(),
                        checks), fleet.metrics, fleet.replays(), fleet.rebuilds(), Fleet.SETTINGS.pools(), new Demand(
                                Fleet.SETTINGS
                                        .tenants(), fleet.book, fleet.workers, fleet.time, () -> caughtUp), board,
                new FleetIndex(
                        fleet.database), fleet.workers, fleet.time,
                new WebhookDesk(fleet.webhooks, fleet.deliveries, destinations, new Trial(courier, EventCodec.source(
                        "test", "api"), fleet.time)),
                () -> "atelier_jobs 1\n", new Obstacles(Fleet.SETTINGS.pools(), fleet.workers), () -> otherLeader, fleet
                        .erasures(), new Collections(fleet.store, new Audit(fleet.events), fleet.time), new Uploads(
                                fleet.store, new UploadRows(
                                        fleet.database), tenant -> uploadQuota, Duration.ofMinutes(15), fleet.time)),
                PATIENCE);
        server.start();
    }

    /** What the leader has written, as long as it is fresh. */
    static final class Board implements DemandBoard {
        volatile Map<String, Demand.Slots> written = Map.of();

        @Override
        public void write(Map<String, Demand.Slots> demand) {
            written = Map.copyOf(demand);
        }

        @Override
        public Optional<Demand.Slots> read(String pool) {
            return Optional.ofNullable(written.get(pool));
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            contract.check(response);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Routing.Route> routes() {
        return server.routes();
    }

    HttpClient client() {
        return client;
    }

    HttpResponse<String> get(String path) {
        return send(to(path));
    }

    HttpResponse<String> post(String path, String body) {
        return send(to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> put(String path, String body) {
        return send(to(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    /** What is at a path that is no part of the API. */
    HttpResponse<String> raw(String path) {
        try {
            return client.send(to(path).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return Intakes.json(response.body());
    }

    static Problem problem(HttpResponse<String> response) {
        return Json.read(Intakes.json(response.body()), Problem.class);
    }

    @Override
    public void close() {
        server.close();
        courier.close();
        fleet.close();
    }
}
