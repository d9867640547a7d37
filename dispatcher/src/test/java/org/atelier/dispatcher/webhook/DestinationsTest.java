package org.atelier.dispatcher.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private static Destinations destinations(boolean http, List<String> networks, String... addresses) {
        return new Destinations(new WebhookSettings(http, networks.stream().map(Network::parse).toList(),
                new RetrySchedule(List.of()), Duration.ofSeconds(1)), host -> Arrays.stream(addresses).map(
                        DestinationsTest::address).toArray(InetAddress[]::new));
    }

    private static InetAddress address(String text) {
        return Network.parse(text).address();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
            "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
            "::1", "::", "fe80::1", "fec0::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
            "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1"})
    void addressesThatAreNotPublicAreRefused(String address) {
        assertThatThrownBy(() -> destinations(false, List.of(), address).resolve("hooks.example")).isInstanceOf(
                Destinations.RefusedException.class).hasMessageContaining("not public").hasMessageContaining(
                        "ATELIER_WEBHOOK_NETWORKS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"})
    void publicOnesAreNot(String address) throws Exception {
        assertThat(destinations(false, List.of(), address).resolve("hooks.example")).containsExactly(address(address));
    }

    @Test
    void oneBadAddressSpoilsAll() {
        assertThatThrownBy(() -> destinations(false, List.of(), "1.1.1.1", "10.0.0.1").resolve("hooks.example"))
                .isInstanceOf(Destinations.RefusedException.class).hasMessageContaining("10.0.0.1");
    }

    @Test
    void theOperatorMayAllowNetworksButNotMulticast() throws Exception {
        var networks = List.of("10.1.0.0/16", "127.0.0.1", "fd00::/8", "224.0.0.0/4", "0.0.0.0/0");

        assertThat(destinations(false, networks.subList(0, 3), "10.1.2.3", "127.0.0.1", "fd00::7").resolve("x"))
                .hasSize(3);
        assertThatThrownBy(() -> destinations(false, networks.subList(0, 3), "10.2.0.1").resolve("x")).isInstanceOf(
                Destinations.RefusedException.class);
        assertThatThrownBy(() -> destinations(false, networks.subList(0, 3), "127.0.0.2").resolve("x")).isInstanceOf(
                Destinations.RefusedException.class);
        assertThatThrownBy(() -> destinations(false, networks, "224.0.0.1").resolve("x")).isInstanceOf(
                Destinations.RefusedException.class);
        assertThatThrownBy(() -> destinations(false, networks, "0.0.0.0").resolve("x")).isInstanceOf(
                Destinations.RefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://hooks.example/x", "ftp://hooks.example/x", "https:///x", "hooks.example", "",
            "https://user@hooks.example/", "https://hooks.example/#x", "https://hooks.example:0/",
            "https://hooks.example:70000/", "https://hooks example/", "javascript:alert(1)", "file:///etc/passwd"})
    void otherAddressesThanHttpsAreRefused(String address) {
        assertThatThrownBy(() -> destinations(false, List.of()).parse(address)).isInstanceOf(
                Destinations.RefusedException.class);
    }

    @Test
    void httpIsTakenWhereItIsAllowed() throws Exception {
        assertThat(destinations(true, List.of()).parse("http://hooks.example:8080/a?b=c").getPort()).isEqualTo(8080);
        assertThat(destinations(false, List.of()).parse("https://hooks.example/a").getHost()).isEqualTo(
                "hooks.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hooks.example", "10.0.0.0/33", "::1/129", "10.0.0/8/1", "abc", "300.1.1.1/8"})
    void aNetworkThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
