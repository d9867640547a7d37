package org.atelier.dispatcher.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * Where the API listens.
 *
 * @param host            address of the interface
 * @param port            0: any that is free
 * @param presignValidity how long the addresses of artifacts are good
 * @param tls             how it proves who it is; empty: plain HTTP
 */
public record HttpSettings(String host, int port, Duration presignValidity, Optional<TlsSettings> tls) {
    private static final int MAX_PORT = 65_535;
    /** S3 signs for a week at most. */
    private static final Duration MAX_VALIDITY = Duration.ofDays(7);

    /** Interface. */
    public static final Setting<String> HOST = Setting.of("ATELIER_HTTP_HOST", Parser.STRING, "127.0.0.1",
            "address to listen on; without tokens (ATELIER_ADMIN_TOKEN, ATELIER_OIDC_ISSUER) only the loopback"
                    + " interface is allowed");
    /** Port. */
    public static final Setting<Integer> PORT = Setting.of("ATELIER_HTTP_PORT", Parser.between(0, MAX_PORT), "8080",
            "port to listen on; 0 takes any that is free");
    /** Presigned addresses. */
    public static final Setting<Duration> PRESIGN_VALIDITY = Setting.of("ATELIER_PRESIGN_VALIDITY",
            Parser.DURATION.where(validity -> validity.compareTo(Duration.ofSeconds(1)) >= 0
                    && validity.compareTo(MAX_VALIDITY) <= 0, "from 1s to 7d"),
            "1h", "how long the address of an artifact, or of an upload, can be used by whoever has it");
    /** All of them. */
    public static final List<Setting<?>> LIST = Stream.concat(Stream.of(HOST, PORT,
            PRESIGN_VALIDITY), TlsSettings.LIST.stream()).toList();

    /** Takes these settings out of a process's. */
    public static HttpSettings of(Configuration configuration) {
        return new HttpSettings(configuration.get(HOST), configuration.get(PORT), configuration.get(
                PRESIGN_VALIDITY), TlsSettings.of(configuration));
    }
}
