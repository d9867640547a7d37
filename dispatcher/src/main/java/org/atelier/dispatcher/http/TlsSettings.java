package org.atelier.dispatcher.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * How the API proves who it is. The files are PEM, as certificate managers write them, and are read again when they change.
 *
 * @param certificate     the certificate, with those that lead to its authority behind it
 * @param key             its private key, PKCS #8 or PKCS #1, without a password
 * @param clientAuthority certificates of those who may vouch for clients, which then have to show a certificate of theirs
 *                        beside their token; empty: nobody has to
 */
public record TlsSettings(Path certificate, Path key, Optional<Path> clientAuthority) {
    /** Certificate. */
    public static final Setting<Path> CERTIFICATE = Setting.optional("ATELIER_TLS_CERTIFICATE", Parser.PATH,
            "PEM file with the certificate of the API and those that lead to its authority; read again when it changes;"
                    + " absent: plain HTTP");
    /** Key. */
    public static final Setting<Path> KEY = Setting.optional("ATELIER_TLS_KEY", Parser.PATH,
            "PEM file with the private key of " + CERTIFICATE.key());
    /** Authority of clients. */
    public static final Setting<Path> CLIENT_AUTHORITY = Setting.optional("ATELIER_TLS_CLIENT_CA", Parser.PATH,
            "PEM file with certificates of authorities; every client must then show a certificate of one of them");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(CERTIFICATE, KEY, CLIENT_AUTHORITY);

    /**
     * Takes these settings out of a process's.
     *
     * @return empty where nothing is said of a certificate: plain HTTP
     * @throws InvalidSettingException if only some of what belongs together is there
     */
    static Optional<TlsSettings> of(Configuration configuration) {
        var certificate = configuration.find(CERTIFICATE);
        var key = configuration.find(KEY);
        var authority = configuration.find(CLIENT_AUTHORITY);
        if (certificate.isPresent() != key.isPresent() || authority.isPresent() && certificate.isEmpty()) {
            throw new InvalidSettingException(List.of(CERTIFICATE.key() + " and " + KEY.key()
                    + " belong together, and " + CLIENT_AUTHORITY.key() + " needs both"));
        }
        return certificate.map(file -> new TlsSettings(file, key.orElseThrow(), authority));
    }
}
