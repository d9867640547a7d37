package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    @Test
    void defaults() {
        assertThat(HttpSettings.of(Configuration.read(HttpSettings.LIST, Map.of()))).isEqualTo(new HttpSettings(
                "127.0.0.1", 8080, Duration.ofHours(1)));
    }

    @Test
    void everySettingArrives() {
        assertThat(HttpSettings.of(Configuration.read(HttpSettings.LIST, Map.of("ATELIER_HTTP_HOST", "0.0.0.0",
                "ATELIER_HTTP_PORT", "0", "ATELIER_PRESIGN_VALIDITY", "7d")))).isEqualTo(new HttpSettings("0.0.0.0", 0,
                        Duration.ofDays(7)));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Configuration.read(HttpSettings.LIST, Map.of("ATELIER_HTTP_PORT", "65536",
                "ATELIER_PRESIGN_VALIDITY", "8d"))).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("from 0 to 65535")
                .hasMessageContaining("from 1s to 7d");
    }
}
