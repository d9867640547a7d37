package org.atelier.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.atelier.dispatcher.support.FakeTime;
import org.junit.jupiter.api.Test;

class MemoTest {
    @Test
    void asksAgainAfterAWhile() {
        var time = new FakeTime();
        var asked = new AtomicInteger();
        var memo = new Memo<>(asked::incrementAndGet, time, Duration.ofSeconds(5));

        assertThat(memo.get()).isEqualTo(1);
        time.pass(Duration.ofMillis(4_999));
        assertThat(memo.get()).isEqualTo(1);
        time.pass(Duration.ofMillis(1));
        assertThat(memo.get()).isEqualTo(2);
    }
}
