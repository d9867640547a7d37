package org.atelier.dispatcher.access;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Secret;
import org.atelier.common.config.Setting;

/**
 * Whom the API lets in.
 *
 * @param adminToken a token of the installation's own, with which the first others are made
 * @param oidc       who else says who somebody is; empty: nobody
 */
public record AccessSettings(Optional<Secret> adminToken, Optional<Oidc> oidc) {
    private static final int MIN_TOKEN = 32;

    /** Token of the installation. */
    public static final Setting<Secret> ADMIN_TOKEN = Setting.optional("ATELIER_ADMIN_TOKEN",
            Parser.SECRET.where(secret -> secret.reveal().matches("[\\x21-\\x7e]{" + MIN_TOKEN + ",}"),
                    "at least " + MIN_TOKEN + " printable ASCII characters without blanks"),
            "a token with the role admin and the tenant \"default\", to make the first tokens with");
    /** Issuer. */
    public static final Setting<String> OIDC_ISSUER = Setting.optional("ATELIER_OIDC_ISSUER", Parser.STRING,
            "issuer (iss) of the OpenID Connect tokens that are accepted; absent: none are");
    /** Keys. */
    public static final Setting<URI> OIDC_JWKS = Setting.optional("ATELIER_OIDC_JWKS",
            Parser.HTTP_URI.where(AccessSettings::isSafe, "an https address (http on this machine only): whoever can"
                    + " change the keys on their way can be anybody"),
            "address of the issuer's keys (jwks_uri)");
    /** Audience. */
    public static final Setting<String> OIDC_AUDIENCE = Setting.of("ATELIER_OIDC_AUDIENCE", Parser.STRING, "atelier",
            "audience (aud) that a token must be made for");
    /** Claim with the tenant. */
    public static final Setting<String> OIDC_TENANT_CLAIM = Setting.of("ATELIER_OIDC_TENANT_CLAIM", Parser.STRING,
            "tenant", "claim that names the tenant; dots lead into nested claims");
    /** Claim with the roles. */
    public static final Setting<String> OIDC_ROLES_CLAIM = Setting.of("ATELIER_OIDC_ROLES_CLAIM", Parser.STRING,
            "roles", "claim with the roles, a list or words with blanks between; the highest of read, submit, operate"
                    + " and admin counts, others are passed over; dots lead into nested claims");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(ADMIN_TOKEN, OIDC_ISSUER, OIDC_JWKS, OIDC_AUDIENCE,
            OIDC_TENANT_CLAIM, OIDC_ROLES_CLAIM);

    /** Nobody is asked for a name. */
    public static final AccessSettings OPEN = new AccessSettings(Optional.empty(), Optional.empty());

    /**
     * An issuer of tokens.
     *
     * @param issuer      its name
     * @param jwks        address of its keys
     * @param audience    for whom tokens must be
     * @param tenantClaim claim with the tenant
     * @param rolesClaim  claim with the roles
     */
    public record Oidc(String issuer, URI jwks, String audience, String tenantClaim, String rolesClaim) {}

    /**
     * Takes these settings out of a process's.
     *
     * @throws IllegalArgumentException if only one of issuer and keys is given
     */
    public static AccessSettings of(Configuration configuration) {
        var issuer = configuration.find(OIDC_ISSUER);
        var jwks = configuration.find(OIDC_JWKS);
        if (issuer.isPresent() != jwks.isPresent()) {
            throw new IllegalArgumentException("OpenID Connect needs both " + OIDC_ISSUER.key() + " and " + OIDC_JWKS
                    .key() + "; only one is set.");
        }
        return new AccessSettings(configuration.find(ADMIN_TOKEN), issuer.map(name -> new Oidc(name, jwks
                .orElseThrow(), configuration.get(OIDC_AUDIENCE), configuration.get(OIDC_TENANT_CLAIM), configuration
                        .get(OIDC_ROLES_CLAIM))));
    }

    private static boolean isSafe(URI address) {
        return "https".equals(address.getScheme()) || isLoopback(address.getHost());
    }

    /** Whether only this machine can reach an address, or be reached by it. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
