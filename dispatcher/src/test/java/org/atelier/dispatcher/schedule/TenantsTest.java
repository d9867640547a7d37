package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantsTest {
    @Test
    void whatIsLeftOutIsAsForEverybody() {
        var tenants = Tenants.parse("acme:weight=4,queued=10,uploads=64; *:running=2,retention=30d");

        assertThat(tenants.of("acme")).isEqualTo(new Tenants.Terms(4, Optional.of(2), Optional.of(10), Optional.of(
                Duration.ofDays(30)), Optional.of(64)));
        assertThat(tenants.of("others")).isEqualTo(new Tenants.Terms(1, Optional.of(2), Optional.empty(), Optional.of(
                Duration.ofDays(30)), Optional.empty()));
    }

    @Test
    void byDefaultEverybodyIsEqualAndNobodyIsLimited() {
        assertThat(Tenants.parse(Tenants.DEFAULT).of("anybody")).isEqualTo(new Tenants.Terms(1, Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "acme               | no tenant:term=value",
            "Acme:weight=1      | no tenant:term=value",
            "a:weight=1;a:weight=2 | twice",
            "acme:weight        | no term=value",
            "acme:weight=0      | from 1 to 1000",
            "acme:running=-1    | from 1",
            "acme:colour=red    | is not known",
            "acme:retention=30  | no duration"})
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Tenants.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
