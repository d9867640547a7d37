package org.atelier.dispatcher.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import org.atelier.common.config.Secret;
import org.junit.jupiter.api.Test;

class SigningSecretTest {
    /** Secret, message and signature are the test vector that the libraries of Standard Webhooks share. */
    @Test
    void signsAsTheSpecificationDoes() {
        var secret = new SigningSecret(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

        assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}".getBytes(
                StandardCharsets.UTF_8))).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void aNewOneIsLikeNoOtherAndShowsNothing() {
        var random = new SecureRandom();
        var secret = SigningSecret.random(random);

        assertThat(secret.text().reveal()).startsWith("whsec_").hasSize("whsec_".length() + 44).isNotEqualTo(
                SigningSecret.random(random).text().reveal());
        assertThat(secret.toString()).doesNotContain("whsec_");
    }

    @Test
    void isRefusedWhereItIsNone() {
        assertThatThrownBy(() -> new SigningSecret(new Secret("secret"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whsec_");
    }
}
