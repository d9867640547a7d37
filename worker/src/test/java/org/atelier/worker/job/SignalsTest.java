package org.atelier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class SignalsTest {
    @Test
    void everySignalIsHeard() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Signals.handle("USR2", heard::add);
        for (int sent = 1; sent <= 2; sent++) {
            assertThat(new ProcessBuilder("kill", "-USR2", Long.toString(ProcessHandle.current().pid())).start()
                    .waitFor()).isZero();
            int expected = sent;
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.size() == expected);
        }

        assertThat(heard).containsExactly("USR2", "USR2");
    }
}
