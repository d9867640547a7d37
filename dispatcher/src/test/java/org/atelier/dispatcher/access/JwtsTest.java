package org.atelier.dispatcher.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import org.atelier.dispatcher.fault.UnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JwtsTest {
    private static final String ISSUER = "https://issuer.example";

    private HttpServer issuer;
    private ECKey key;
    private Jwts jwts;

    @BeforeEach
    void anIssuerShowsItsKeys() throws IOException, JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        var keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        jwts = new Jwts(new AccessSettings.Oidc(ISSUER, URI.create("http://127.0.0.1:" + issuer.getAddress().getPort()
                + "/keys"), "atelier", "tenant", "realm_access.roles"));
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().issuer(ISSUER)
                .audience("atelier")
                .subject("ann")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("tenant", "studio")
                .claim("realm_access", Map.of("roles", List.of("offline_access", "read", "submit")));
    }

    private static String signed(ECKey key, JWTClaimsSet.Builder claims) throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims.build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private void refused(String token) {
        assertThatThrownBy(() -> jwts.read(token)).isInstanceOf(NotAdmittedException.class)
                .message()
                .doesNotContain(token);
    }

    @Test
    void aSignedTokenSaysWhoItIs() throws JOSEException {
        assertThat(jwts.read(signed(key, claims()))).isEqualTo(new Principal("studio", "ann", Role.SUBMIT));
    }

    @Test
    void whatProvesNothingIsRefused() throws JOSEException {
        refused(signed(key, claims().issuer("https://other.example")));
        refused(signed(key, claims().audience("another")));
        refused(signed(key, claims().subject(null)));
        refused(signed(key, claims().expirationTime(null)));
        refused(signed(key, claims().expirationTime(Date.from(Instant.now().minusSeconds(600)))));
        refused(signed(key, claims().claim("tenant", "../x")));
        refused(signed(key, claims().claim("tenant", null)));
        refused(signed(key, claims().claim("realm_access", Map.of("roles", List.of("root")))));
        refused(signed(new ECKeyGenerator(Curve.P_256).keyID("k1").generate(), claims()));
        refused(new PlainJWT(claims().build()).serialize());
        refused("not.a.token");
    }

    @Test
    void aPublicKeyIsNoSharedSecret() throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
        token.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));

        refused(token.serialize());
    }

    @Test
    void keysThatCannotBeHadAreAnOutageAndNoRefusal() throws JOSEException {
        issuer.stop(0);
        var token = signed(key, claims());

        assertThatThrownBy(() -> jwts.read(token)).isInstanceOf(UnavailableException.class);
    }
}
