package org.atelier.dispatcher.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import org.atelier.common.api.Problem;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.fault.Outage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many submissions at once. Each stands alone: some may become jobs where others are refused, and the answer says of each
 * what became of it. Repeating the whole is harmless where each has an id or a key.
 *
 * <p>The path is {@code /v1/jobs:bulk} because any word behind {@code /v1/jobs/} may be the id of a job.
 */
final class BulkRoutes {
    private static final String BULK = "/v1/jobs:bulk";
    private static final String LINES = "application/x-ndjson";
    /** Most submissions of a request. */
    static final int MAX_ITEMS = 1_000;
    /** Largest body, in bytes. */
    static final int MAX_BODY = 4 << 20;
    /** Bodies that are in memory at once. */
    private static final int REQUESTS_AT_ONCE = 8;
    /** How long a request waits for room: a caller who sends its body slowly must not hold up the others for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Look-ups in the store that are under way at once. */
    private static final int ITEMS_AT_ONCE = 16;

    private static final Logger LOG = LoggerFactory.getLogger(BulkRoutes.class);

    private final Submissions submissions;
    private final Semaphore requests = new Semaphore(REQUESTS_AT_ONCE);
    private final Semaphore items = new Semaphore(ITEMS_AT_ONCE);

    BulkRoutes(Submissions submissions) {
        this.submissions = submissions;
    }

    /** What became of a submission. */
    enum Fate {
        ACCEPTED, KNOWN, REFUSED;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What became of a submission.
     *
     * @param index   its place in the request, from 0
     * @param job     the job that it is, or would have been
     * @param problem why it is none
     */
    record Item(int index, Fate outcome, @Nullable JobId job, @Nullable Problem problem) {}

    /** What became of all of them, in their order. */
    record Report(int accepted, int known, int refused, List<Item> items) {
        static Report of(List<Item> items) {
            return new Report(count(items, Fate.ACCEPTED), count(items, Fate.KNOWN), count(items, Fate.REFUSED), items);
        }

        private static int count(List<Item> items, Fate fate) {
            return (int) items.stream().filter(item -> item.outcome == fate).count();
        }
    }

    /**
     * One of them, as far as it can be read: a job's id and the submission, or what is wrong.
     *
     * @param isNamed whether the caller chose the id
     */
    private record Wanted(Optional<JobId> job, boolean isNamed, Optional<ObjectNode> body,
            Optional<ProblemException> problem) {
        static Wanted wrong(ProblemKind kind, String message) {
            return new Wanted(Optional.empty(), false, Optional.empty(), Optional.of(new ProblemException(kind,
                    message)));
        }
    }

    void register(Routing routing) {
        routing.add(HandlerType.POST, BULK, Role.SUBMIT, this::submit);
    }

    private void submit(Context ctx) throws InterruptedException {
        if (!requests.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            ctx.header(Header.RETRY_AFTER, String.valueOf(PATIENCE.toSeconds()));
            throw new ProblemException(ProblemKind.TOO_MANY, REQUESTS_AT_ONCE
                    + " such requests are under way; send it again when some of them are done.");
        }
        try {
            var who = Principals.of(ctx);
            var wanted = read(ctx, who);
            if (wanted.isEmpty() || wanted.size() > MAX_ITEMS) {
                throw new ProblemException(wanted.isEmpty() ? ProblemKind.INVALID_JSON : ProblemKind.TOO_LARGE,
                        "The body has " + wanted.size() + " submissions; it must have from 1 to " + MAX_ITEMS + ".");
            }
            Answers.json(ctx, HttpStatus.OK, Report.of(submit(new Caller(who, ctx.path(), Requests.trace(ctx)),
                    wanted)));
        } finally {
            requests.release();
        }
    }

    private static List<Wanted> read(Context ctx, Principal who) {
        var wanted = new ArrayList<Wanted>();
        if (Requests.mediaType(ctx).equals(LINES)) {
            new String(Requests.bytes(ctx, MAX_BODY), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank())
                    .forEach(line -> wanted.add(line(who, line)));
            return wanted;
        }
        var tree = Requests.json(ctx, MAX_BODY);
        if (!tree.isArray()) {
            throw new ProblemException(ProblemKind.INVALID_JSON, "The body must be an array of submissions, or "
                    + LINES + " with one on each line.");
        }
        tree.forEach(item -> wanted.add(item(who, item)));
        return wanted;
    }

    private static Wanted line(Principal who, String line) {
        try {
            return item(who, Json.strict().readTree(line));
        } catch (JsonProcessingException e) {
            return Wanted.wrong(ProblemKind.INVALID_JSON, e.getOriginalMessage());
        }
    }

    /** A submission with its own id or key, of which neither is a part of it. */
    private static Wanted item(Principal who, JsonNode item) {
        if (!(item instanceof ObjectNode body)) {
            return Wanted.wrong(ProblemKind.INVALID_JSON, "It must be an object: a submission, with an id or an"
                    + " idempotency_key beside its fields.");
        }
        if (Json.bytes(body).length > Requests.MAX_BODY) {
            return Wanted.wrong(ProblemKind.TOO_LARGE, "A submission may have " + Requests.MAX_BODY
                    + " bytes at most.");
        }
        var id = Optional.ofNullable(body.remove("id"));
        var key = Optional.ofNullable(body.remove("idempotency_key"));
        try {
            if (id.isPresent() && key.isPresent()) {
                throw new IllegalArgumentException("an id and an idempotency_key exclude each other");
            }
            var name = id.map(node -> new JobId(node.asText())).or(() -> key.map(node -> JobId.ofKey(who.tenant(),
                    key(node.asText()))));
            return new Wanted(Optional.of(name.orElseGet(JobId::random)), name.isPresent(), Optional.of(body), Optional
                    .empty());
        } catch (IllegalArgumentException e) {
            return Wanted.wrong(ProblemKind.INVALID_PARAMETER, String.valueOf(e.getMessage()));
        }
    }

    private static String key(String text) {
        try {
            return Requests.idempotencyKey(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an idempotency_key " + e.getMessage(), e);
        }
    }

    /** Submits many at once, with the outcome of one after the other: where one names another, the earlier one goes first. */
    private List<Item> submit(Caller caller, List<Wanted> wanted) {
        var away = new AtomicReference<@Nullable Outage>();
        var earlier = new Earlier();
        var all = new ArrayList<CompletableFuture<Item>>();
        try (var executor = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("bulk-", 0).factory())) {
            for (int i = 0; i < wanted.size(); i++) {
                int index = i;
                var one = wanted.get(i);
                var words = words(one);
                var item = CompletableFuture.allOf(earlier.related(one, words)).thenApplyAsync(done -> submit(
                        caller, index, one, away), executor);
                all.add(item);
                earlier.add(one, words, item);
            }
            return all.stream().map(CompletableFuture::join).toList();
        }
    }

    /** The submissions before one, by their own ids and by every word in them, which may be the id of another. */
    private static final class Earlier {
        private final Map<String, CompletableFuture<Item>> byId = new HashMap<>();
        private final Map<String, List<CompletableFuture<Item>>> byWord = new HashMap<>();

        CompletableFuture<?>[] related(Wanted one, Set<String> words) {
            var named = words.stream().map(byId::get).filter(Objects::nonNull);
            var naming = one.job.stream().flatMap(job -> byWord.getOrDefault(job.value(), List.of()).stream());
            return Stream.concat(named, naming).distinct().toArray(CompletableFuture[]::new);
        }

        void add(Wanted one, Set<String> words, CompletableFuture<Item> item) {
            one.job.ifPresent(job -> byId.put(job.value(), item));
            words.forEach(word -> byWord.computeIfAbsent(word, w -> new ArrayList<>()).add(item));
        }
    }

    private static Set<String> words(Wanted one) {
        Set<String> words = new HashSet<>();
        one.job.ifPresent(job -> words.add(job.value()));
        one.body.ifPresent(body -> collect(body, words));
        return words;
    }

    private static void collect(JsonNode node, Set<String> words) {
        if (node.isTextual()) {
            words.add(node.asText());
        }
        node.forEach(child -> collect(child, words));
    }

    /**
     * Who asks.
     *
     * @param path  that was asked
     * @param trace the span that all of it came of, if there is one
     */
    private record Caller(Principal who, String path, @Nullable TraceContext trace) {}

    private Item submit(Caller caller, int index, Wanted one, AtomicReference<@Nullable Outage> away) {
        var path = caller.path;
        if (one.problem.isPresent()) {
            return refused(index, one, one.problem.get(), path);
        }
        items.acquireUninterruptibly();
        try {
            var known = away.get();
            if (known != null) {
                return refused(index, one, unavailable(known), path);
            }
            var job = one.job.orElseThrow();
            var body = one.body.orElseThrow();
            var submitted = one.isNamed
                    ? submissions.submit(caller.who, job, body, caller.trace)
                    : submissions.submitNew(caller.who, job, body, caller.trace);
            return new Item(index, submitted.made() ? Fate.ACCEPTED : Fate.KNOWN, submitted.request().job(), null);
        } catch (ProblemException e) {
            return refused(index, one, e, path);
        } catch (RuntimeException e) {
            var outage = Outage.of(e);
            if (outage.isPresent()) {
                // The others would each wait for the same.
                away.set(outage.get());
                LOG.warn("the rest of {} submissions at once is refused while {} is away ({})", path, outage.get(), e
                        .getMessage());
                return refused(index, one, unavailable(outage.get()), path);
            }
            LOG.error("submission {} of {} met a defect", index, path, e);
            return refused(index, one, new ProblemException(ProblemKind.INTERNAL,
                    "The dispatcher met a defect and wrote it to its log; please report it."), path);
        } finally {
            items.release();
        }
    }

    private static ProblemException unavailable(Outage outage) {
        return new ProblemException(ProblemKind.UNAVAILABLE, "It may be a job or not, because " + outage
                + " does not answer: send it again, with the same id or idempotency_key.");
    }

    private static Item refused(int index, Wanted one, ProblemException problem, String path) {
        var kind = problem.kind();
        return new Item(index, Fate.REFUSED, one.job.orElse(null), new Problem(kind.type(), kind.title(), kind.status(),
                String.valueOf(problem.getMessage()), path, problem.violations()));
    }
}
