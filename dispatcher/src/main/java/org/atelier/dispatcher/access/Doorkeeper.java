package org.atelier.dispatcher.access;

import java.util.Optional;

import org.atelier.common.config.Secret;

/** Finds out who somebody is. Safe for use by several threads. */
public final class Doorkeeper {
    private final AccessSettings settings;
    private final Tokens tokens;
    private final Optional<Jwts> jwts;
    private final boolean local;

    /**
     * A doorkeeper of an address.
     *
     * @param host where the API listens
     * @throws IllegalStateException if nobody would be asked for a name, and others than this machine could come
     */
    public Doorkeeper(AccessSettings settings, Tokens tokens, String host) {
        this.settings = settings;
        this.tokens = tokens;
        this.jwts = settings.oidc().map(Jwts::new);
        this.local = AccessSettings.isLoopback(host);
        if (!local && isOpen()) {
            throw new IllegalStateException("Nobody would be asked for a name at " + host
                    + ", and others than this machine can reach it. Set " + AccessSettings.ADMIN_TOKEN.key()
                    + " (or, with the dispatcher on 127.0.0.1, make a token with POST /v1/tokens;"
                    + " or set " + AccessSettings.OIDC_ISSUER.key() + "), or listen on 127.0.0.1.");
        }
    }

    /** Whether nobody is asked for a name: no token was ever configured. */
    public boolean isOpen() {
        return settings.adminToken().isEmpty() && jwts.isEmpty() && tokens.isEmpty();
    }

    /**
     * Who it is.
     *
     * @param bearer what was given as proof, if anything was
     * @throws NotAdmittedException if it proves nothing
     * @throws org.atelier.dispatcher.fault.UnavailableException if that cannot be found out now
     */
    public Principal admit(Optional<String> bearer) {
        if (bearer.isEmpty()) {
            // The last token may be revoked while the API listens to the world: that opens nothing.
            if (local && isOpen()) {
                return Principal.ANONYMOUS;
            }
            throw new NotAdmittedException("Send a token: \"Authorization: Bearer <token>\"."
                    + " POST /v1/tokens makes one.");
        }
        return find(bearer.get());
    }

    private Principal find(String bearer) {
        var own = settings.adminToken().map(Secret::reveal).map(TokenText::hash);
        if (own.isPresent() && new TokenText("admin", bearer).proves(own.get())) {
            return new Principal(Principal.ANONYMOUS.tenant(), "admin", Role.ADMIN);
        }
        var text = TokenText.parse(bearer);
        if (text.isPresent()) {
            return tokens.find(text.get()).orElseThrow(() -> new NotAdmittedException(
                    "The token is not known: it was revoked, has expired, or belongs to another installation."));
        }
        return jwts.orElseThrow(() -> new NotAdmittedException("What was sent is no token of this installation."))
                .read(bearer);
    }
}
