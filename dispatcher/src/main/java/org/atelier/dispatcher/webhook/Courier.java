package org.atelier.dispatcher.webhook;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.atelier.common.trace.TraceContext;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages to receivers. A name is looked up once for a connection, all of its addresses are checked, and those
 * that were checked are connected to: there is no second look-up that could lead elsewhere. Redirections are not followed,
 * nothing of an answer is kept but its status. Safe for use by several threads.
 */
public final class Courier implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int GONE = 410;
    private static final int OK = 200;
    private static final int REDIRECTION = 300;
    /** What is read of an answer's body before its connection is closed instead of used again. */
    private static final long MAX_ANSWER = 64L << 10;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final long MAX_RETRY_AFTER = TimeUnit.DAYS.toSeconds(1);

    private final HttpClient client;
    private final Duration timeout;
    private final Clock clock;

    /**
     * What came of an attempt.
     *
     * @param status     of the answer; 0: there was none
     * @param failure    what went wrong, for people; empty where nothing did
     * @param retryAfter how long the receiver asks to be left alone; empty: it does not
     */
    public record Outcome(int status, String failure, Optional<Duration> retryAfter) {
        /** Whether the receiver has taken the message. */
        public boolean isDelivered() {
            return failure.isEmpty();
        }

        boolean isGone() {
            return status == GONE;
        }
    }

    public Courier(WebhookSettings settings, Destinations destinations, Clock clock) {
        this.timeout = settings.timeout();
        this.clock = clock;
        var threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("webhooks");
        threads.setDaemon(true);
        this.client = new HttpClient(new HttpClientTransportOverHTTP(1));
        client.setExecutor(threads);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "Atelier-Webhooks/1"));
        client.setConnectTimeout(timeout.toMillis());
        client.setIdleTimeout(IDLE.toMillis());
        client.setDestinationIdleTimeout(IDLE.toMillis());
        client.setMaxConnectionsPerDestination(Deliverer.AT_ONCE);
        client.setSocketAddressResolver(new Checked(destinations));
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP client of webhooks cannot be started", e);
        }
    }

    private record Checked(Destinations destinations) implements SocketAddressResolver {
        @Override
        public void resolve(String host, int port, Map<String, Object> context,
                Promise<List<InetSocketAddress>> promise) {
            try {
                promise.succeeded(destinations.resolve(host).stream().map(address -> new InetSocketAddress(address,
                        port)).toList());
            } catch (Destinations.RefusedException | UnknownHostException e) {
                promise.failed(e);
            }
        }
    }

    private static final class Answer implements Response.Listener {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private long read;

        @Override
        public void onHeaders(Response response) {
            int status = response.getStatus();
            boolean taken = status >= OK && status < REDIRECTION;
            outcome.complete(new Outcome(status, taken ? "" : "the receiver answered " + status, retryAfter(response)));
        }

        private static Optional<Duration> retryAfter(Response response) {
            var text = response.getHeaders().get(HttpHeader.RETRY_AFTER);
            return text != null && text.matches("\\d{1,9}")
                    ? Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(text), MAX_RETRY_AFTER)))
                    : Optional.empty();
        }

        @Override
        public void onContent(Response response, ByteBuffer content) {
            read += content.remaining();
            if (read > MAX_ANSWER) {
                response.abort(new IOException("the answer is too long to be read"));
            }
        }

        @Override
        public void onComplete(Result result) {
            var failure = result.getFailure();
            // Where the headers came, this comes too late to change anything.
            outcome.complete(new Outcome(0, failure == null ? "the receiver gave no answer" : words(failure), Optional
                    .empty()));
        }
    }

    private static String words(Throwable failure) {
        return switch (failure) {
            case Destinations.RefusedException refused -> "the address " + refused.getMessage();
            case UnknownHostException unknown -> "the host cannot be found";
            case TimeoutException late -> "the receiver did not answer in time";
            default -> failure.getMessage() == null
                    ? failure.getClass().getSimpleName()
                    : failure.getClass().getSimpleName() + ": " + failure.getMessage();
        };
    }

    /**
     * Sends a message, and waits for what comes of it.
     *
     * @param id    the same for every attempt, so that the receiver knows a repeat
     * @param trace the span that the receiver may go on from; {@code null}: there is none
     */
    Outcome send(Webhook webhook, String id, byte[] body, @Nullable TraceContext trace) throws InterruptedException {
        var now = clock.instant();
        var answer = new Answer();
        var request = client.newRequest(webhook.registration().url())
                .method(HttpMethod.POST)
                .headers(headers -> headers
                        .put("webhook-id", id)
                        .put("webhook-timestamp", String.valueOf(now.getEpochSecond()))
                        .put("webhook-signature", webhook.signature(id, now, body)))
                .body(new BytesRequestContent(Notice.MEDIA_TYPE, body))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (trace != null) {
            request.headers(headers -> trace.headers().forEach(headers::put));
        }
        request.send(answer);
        try {
            return answer.outcome.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            request.abort(e);
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP client of webhooks cannot be stopped", e);
        }
    }
}
