package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {
    @Test
    void defaults() {
        assertThat(HttpSettings.of(Configuration.read(HttpSettings.LIST, Map.of()))).isEqualTo(new HttpSettings(
                "127.0.0.1", 8080, Duration.ofHours(1), Optional.empty()));
    }

    @Test
    void everySettingArrives() {
        assertThat(HttpSettings.of(Configuration.read(HttpSettings.LIST, Map.of("ATELIER_HTTP_HOST", "0.0.0.0",
                "ATELIER_HTTP_PORT", "0", "ATELIER_PRESIGN_VALIDITY", "7d", "ATELIER_TLS_CERTIFICATE", "c.pem",
                "ATELIER_TLS_KEY", "k.pem", "ATELIER_TLS_CLIENT_CA", "a.pem")))).isEqualTo(new HttpSettings("0.0.0.0",
                        0, Duration.ofDays(7), Optional.of(new TlsSettings(Path.of("c.pem"), Path.of("k.pem"), Optional
                                .of(Path.of("a.pem"))))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ATELIER_TLS_CERTIFICATE", "ATELIER_TLS_KEY", "ATELIER_TLS_CLIENT_CA"})
    void halfACertificateIsNone(String key) {
        var configuration = Configuration.read(HttpSettings.LIST, Map.of(key, "x.pem"));

        assertThatThrownBy(() -> HttpSettings.of(configuration)).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("belong together");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Configuration.read(HttpSettings.LIST, Map.of("ATELIER_HTTP_PORT", "65536",
                "ATELIER_PRESIGN_VALIDITY", "8d"))).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("from 0 to 65535")
                .hasMessageContaining("from 1s to 7d");
    }
}
