package org.atelier.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * Serves a folder as an S3 store on the loopback interface until the process is told to end.
 *
 * <p>Credentials are variables and not arguments, because arguments can be read by every user of the machine.
 */
public final class StoreMain {
    private static final String USAGE = "arguments: <data folder> <port> <bucket>";
    private static final String ACCESS_KEY = "ATELIER_STORE_ACCESS_KEY";
    private static final String SECRET_KEY = "ATELIER_STORE_SECRET_KEY";

    private StoreMain() {}

    /**
     * Starts the store; it lives on in its own threads.
     *
     * @param args data folder, port, name of the bucket that is there from the start
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new IllegalArgumentException(USAGE);
        }
        var server = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:" + Integer.parseInt(args[1])))
                .awsAuthentication(AuthenticationType.AWS_V4, variable(ACCESS_KEY), variable(SECRET_KEY))
                .blobStore(blobStore(Path.of(args[0]).toAbsolutePath(), args[2]))
                // Clients keep idle connections; waiting for them would make every stop take seconds.
                .stopTimeout(0)
                .build();
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "store-stop"));
    }

    private static FilesystemNio2BlobStore blobStore(Path folder, String bucket) throws IOException {
        // A bucket is a folder of this name; asking the store to make one that is there would be an error.
        Files.createDirectories(folder.resolve(bucket));
        return new FilesystemNio2BlobStore(folder.toString());
    }

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalArgumentException("the variable " + name + " is not set"));
    }

    private static void stop(S3Proxy server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the store did not stop in good order", e);
        }
    }
}
