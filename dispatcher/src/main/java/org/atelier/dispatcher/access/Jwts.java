package org.atelier.dispatcher.access;

import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the signed tokens of an OpenID Connect issuer. Only signatures with public keys are accepted; a token must have
 * issuer, audience, subject and end. Safe for use by several threads.
 */
final class Jwts {
    private static final int ANSWER_MILLIS = 5_000;
    private static final int MAX_KEYS_BYTES = 256 << 10;
    private static final Duration OUTAGE = Duration.ofHours(4);
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
            JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.ES256,
            JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    private final AccessSettings.Oidc settings;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    Jwts(AccessSettings.Oidc settings) {
        this.settings = settings;
        try {
            // The keys are kept, fetched again when an unknown one is named (but not at every such token), and used on
            // for a while when the issuer is away.
            var keys = JWKSourceBuilder.<SecurityContext>create(settings.jwks().toURL(), new DefaultResourceRetriever(
                    ANSWER_MILLIS, ANSWER_MILLIS, MAX_KEYS_BYTES)).retrying(true).outageTolerant(OUTAGE.toMillis())
                    .build();
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(settings.jwks() + " is no address of keys", e);
        }
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(settings.audience(),
                new JWTClaimsSet.Builder().issuer(settings.issuer()).build(), Set.of("sub", "exp")));
    }

    /**
     * Who it is.
     *
     * @throws NotAdmittedException if the token proves nothing, or does not say what is needed
     * @throws UnavailableException if the issuer's keys cannot be had
     */
    Principal read(String token) {
        JWTClaimsSet claims;
        try {
            claims = processor.process(token, null);
        } catch (KeySourceException e) {
            throw new UnavailableException(Outage.ISSUER, "The keys of " + settings.issuer() + " cannot be read from "
                    + settings.jwks() + " (" + e.getMessage() + ").", e);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            // The library's messages name what is wrong and quote neither token nor key.
            throw new NotAdmittedException("The token is not accepted: " + e.getMessage() + ".");
        }
        var tenant = claim(claims, settings.tenantClaim()).map(String::valueOf).filter(Principal::isTenant)
                .orElseThrow(() -> new NotAdmittedException("The token names no tenant: its claim \"" + settings
                        .tenantClaim() + "\" must be " + Principal.TENANT + "."));
        return new Principal(tenant, claims.getSubject(), role(claims));
    }

    private Role role(JWTClaimsSet claims) {
        return words(claim(claims, settings.rolesClaim()).orElse(null))
                .flatMap(word -> Arrays.stream(Role.values()).filter(role -> role.word().equals(word)))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new NotAdmittedException("The token names no role: its claim \"" + settings
                        .rolesClaim() + "\" must have one of " + Role.words() + "."));
    }

    private static Stream<String> words(@Nullable Object claim) {
        return switch (claim) {
            case null -> Stream.of();
            case Collection<?> list -> list.stream().map(String::valueOf);
            default -> Arrays.stream(String.valueOf(claim).split(" "));
        };
    }

    private static Optional<Object> claim(JWTClaimsSet claims, String path) {
        Object found = claims.getClaims();
        for (var name : path.split("\\.")) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return Optional.ofNullable(found);
    }
}
