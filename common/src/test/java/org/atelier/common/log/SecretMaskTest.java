package org.atelier.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "token atl_0123456789abcdef_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE is old | AbCdEfGhIjKl",
            "signs with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw= | MfKQ9r8G",
            "sent eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzaG9wIn0.c2lnbmF0dXJlLW9m here | c2lnbmF0dXJl",
            "Authorization: Bearer of-somebody-else | of-somebody-else",
            "{Authorization=[Bearer of-somebody-else]} | of-somebody-else",
            "Authorization: AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/s3/aws4_request, Signature=0123456789abcdef | 0123456789abcdef",
            "http://s/b/k?X-Amz-Credential=local%2F2026&X-Amz-Signature=0f1e2d3c4b5a69788796a5b4c3d2e1f0&x=1 | 0f1e2d3c4b5a",
            "jdbc:postgresql://db/atelier?user=a&password=hunter2-hunter2&ssl=true | hunter2-hunter2",
            "ScramLoginModule required username=\"a\" password=\"hunter2-hunter2\"; | hunter2-hunter2",
            "{\"password\": \"hunter2-hunter2\"} | hunter2-hunter2",
            "connects to amqp://me:hunter2-hunter2@host/x | hunter2-hunter2",
            "-----BEGIN PRIVATE KEY-----MIGHAgEAMBMGByqGSM49-----END PRIVATE KEY----- | MIGHAgEAMBMG"})
    void whatLooksLikeASecretIsHiddenWhoeverWroteIt(String text, String secret) {
        assertThat(text).contains(secret);
        assertThat(SecretMask.SHAPES.mask(text)).doesNotContain(secret).contains("********");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "topic atelier.requests is made, with 8 partitions of 1 copies",
            "ATELIER_DATABASE_PASSWORD_FILE names /run/secrets/db",
            "sasl.jaas.config = [hidden]",
            "password: null",
            "http://127.0.0.1:8080/v1/jobs?cursor=eyJ0",
            "the author wrote: bearer of news"})
    void everythingElseStays(String text) {
        assertThat(SecretMask.SHAPES.mask(text)).isEqualTo(text);
    }

    @Test
    void knownValuesAreHiddenTheLongestFirst() {
        var mask = new SecretMask(List.of("hunter", "hunter-the-second", "abc"));

        assertThat(mask.mask("hunter-the-second and hunter, abc")).isEqualTo("******** and ********, abc");
    }

    @Test
    void bothFormatsOfTheLogHideThem() {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        LogSecrets.hide(context, List.of("the-store's-key"));
        var text = new MaskedTextEncoder();
        text.setPattern("%msg%n%ex");
        var json = new MaskedJsonEncoder();
        for (var encoder : List.of(text, json)) {
            encoder.setContext(context);
            encoder.start();
            var event = new LoggingEvent("", context.getLogger("x"), Level.INFO, "with {}", new IllegalStateException(
                    "by the-store's-key"), new Object[]{"the-store's-key"});

            assertThat(new String(encoder.encode(event), StandardCharsets.UTF_8)).contains("by ********")
                    .doesNotContain("the-store's-key");
        }
    }
}
