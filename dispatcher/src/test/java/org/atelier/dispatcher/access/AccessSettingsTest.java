package org.atelier.dispatcher.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessSettingsTest {
    private static final String TOKEN = "0123456789-0123456789-0123456789-0123456789";

    private static AccessSettings settings(Map<String, String> environment) {
        return AccessSettings.of(Configuration.read(AccessSettings.LIST, environment));
    }

    @Test
    void defaults() {
        assertThat(settings(Map.of())).isEqualTo(AccessSettings.OPEN);
    }

    @Test
    void theTokenMayComeFromAFileAndIsNotShown(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        var configuration = Configuration.read(AccessSettings.LIST, Map.of("ATELIER_ADMIN_TOKEN_FILE", file
                .toString()));

        assertThat(AccessSettings.of(configuration).adminToken().orElseThrow().reveal()).isEqualTo(TOKEN);
        assertThat(configuration.toString() + AccessSettings.of(configuration)).doesNotContain(TOKEN);
    }

    @Test
    void whatIsUnsafeIsRefused() {
        assertThatThrownBy(() -> settings(Map.of("ATELIER_ADMIN_TOKEN", "short"))).isInstanceOf(
                InvalidSettingException.class).hasMessageContaining("at least 32").hasMessageNotContaining("short");
        assertThatThrownBy(() -> settings(Map.of("ATELIER_OIDC_JWKS", "http://192.0.2.1/keys"))).isInstanceOf(
                InvalidSettingException.class).hasMessageContaining("https");
        assertThatThrownBy(() -> settings(Map.of("ATELIER_OIDC_ISSUER", "https://issuer.example"))).isInstanceOf(
                IllegalArgumentException.class).hasMessageContaining("ATELIER_OIDC_JWKS");
    }
}
