package org.atelier.dispatcher.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Header;
import io.javalin.http.staticfiles.Location;
import org.atelier.common.store.ObjectStore;

/**
 * The web page that people use. Its files hold no data and are open to everybody; what it shows comes over the API, with the
 * reader's own token.
 */
final class Console {
    private static final String FILES = "/org/atelier/dispatcher/console";

    private Console() {}

    /** @param store whose pictures the page may show */
    static void serve(JavalinConfig config, ObjectStore store) {
        var pictures = origin(store.presignGet("console", Duration.ofSeconds(1), "console"));
        // Scripts and styles are its own files and nothing else, so that no text of a job can become one.
        var policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                + " img-src 'self' blob: " + pictures + "; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
        config.staticFiles.add(files -> {
            files.hostedPath = "/";
            files.directory = FILES;
            files.location = Location.CLASSPATH;
            files.headers = Map.of("Content-Security-Policy", policy, "X-Content-Type-Options", "nosniff",
                    "Referrer-Policy", "no-referrer", Header.CACHE_CONTROL, "no-cache");
        });
    }

    private static String origin(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority();
    }
}
