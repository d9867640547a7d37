package org.atelier.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class RenewableTest {
    private final AtomicInteger made = new AtomicInteger();
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private final AtomicLong now = new AtomicLong();
    private final Renewable<Integer> clients = new Renewable<>(made::incrementAndGet, ended::add, now::get);

    private void later() {
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void aClientThatWasNotBelievedIsFollowedByAnother() throws InterruptedException {
        later();

        clients.failed(1, new SaslAuthenticationException("invalid credentials"));

        assertThat(clients.get()).isEqualTo(2);
        assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void soIsOneThatSaysSinceThenThatItIsInAnErrorState() {
        later();

        clients.failed(1, new KafkaException("error state", new ClusterAuthorizationException("refused")));

        assertThat(clients.get()).isEqualTo(2);
    }

    @Test
    void otherFailuresAreNoReason() {
        later();

        clients.failed(1, new TopicAuthorizationException("not this topic"));
        clients.failed(1, new KafkaException("away"));

        assertThat(clients.get()).isEqualTo(1);
    }

    @Test
    void manyFailuresMakeNoMoreThanOneASecondAndOneOfAnOldClientMakesNone() {
        var refused = new SaslAuthenticationException("invalid credentials");

        clients.failed(1, refused);
        assertThat(clients.get()).as("too soon").isEqualTo(1);
        later();
        clients.failed(1, refused);
        later();
        clients.failed(1, refused);

        assertThat(clients.get()).isEqualTo(2);
    }

    @Test
    void whatIsRefusedIsSaidWithWhatToDo() {
        assertThat(Refusals.explained(new SslAuthenticationException("SSL handshake failed", new IllegalStateException(
                "certificate_expired")))).hasValueSatisfying(said -> assertThat(said).contains(
                        "SSL handshake failed: certificate_expired", KafkaSettings.PROPERTIES.key()));
        assertThat(Refusals.explained(new KafkaException(new TopicAuthorizationException("atelier.results"))))
                .hasValueSatisfying(said -> assertThat(said).contains("atelier.results", "docs/operator.md"));
        assertThat(Refusals.explained(new KafkaException("away"))).isEmpty();
    }
}
