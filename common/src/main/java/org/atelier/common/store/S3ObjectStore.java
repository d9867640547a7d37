package org.atelier.common.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.minio.BucketExistsArgs;
import io.minio.CopyObjectArgs;
import io.minio.Directive;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * The store behind an S3 API. Every call that Atelier makes to a store is in this class.
 *
 * <p>Each instance has a connection pool of its own, so that a slow upload cannot starve whoever uses another instance: a
 * worker's heartbeat has its own.
 */
public final class S3ObjectStore implements ObjectStore {
    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final String GET = "GET";
    /** Requests that are under way at once; okhttp's own limit is 5 for each host, which makes many small ones wait. */
    private static final int AT_ONCE = 64;
    private static final int IDLE_CONNECTIONS = 32;
    private static final int IDLE_SECONDS = 60;
    private static final Duration NO_LIMIT = Duration.ZERO;

    /** AWS answers 409 when two conditional writes of one key meet; asking again decides it. */
    private static final int CONFLICT_TRIES = 5;

    private final OkHttpClient http;
    private final MinioClient client;
    private final MinioClient presigner;
    private final String bucket;

    /**
     * Prepares a client; connects with the first call.
     *
     * @param settings where the store is
     * @param timeout  of connecting, and of each silence while reading or writing
     */
    public S3ObjectStore(StoreSettings settings, Duration timeout) {
        this(settings, timeout, NO_LIMIT);
    }

    /**
     * A client for small objects and for callers that cannot wait, such as heartbeats: every call ends in time, whatever
     * part of it is slow, and however often it is sent.
     *
     * @param limit of each call as a whole
     */
    public static S3ObjectStore impatient(StoreSettings settings, Duration limit) {
        return new S3ObjectStore(settings, limit, limit);
    }

    private S3ObjectStore(StoreSettings settings, Duration timeout, Duration limit) {
        var dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(AT_ONCE);
        dispatcher.setMaxRequestsPerHost(AT_ONCE);
        this.http = new OkHttpClient.Builder()
                .addInterceptor(S3ObjectStore::withoutAbsence)
                .dispatcher(dispatcher)
                .callTimeout(limit)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .build();
        this.client = client(settings, settings.endpoint(), http);
        this.presigner = client(settings, settings.publicEndpoint(), http);
        this.bucket = settings.bucket();
    }

    /** The answer to a GET is that there is nothing. */
    private static final class AbsentException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Most questions of a dispatcher or worker are answered by 404. The client would parse the document that says so, and its
     * parser looks a class over anew each time, annotations that are not on the class path included: measured, a fifth of
     * the dispatcher's processor time.
     */
    private static Response withoutAbsence(Interceptor.Chain chain) throws IOException {
        var response = chain.proceed(chain.request());
        if (response.code() != NOT_FOUND || !chain.request().method().equals(GET)) {
            return response;
        }
        try (response) {
            // Read to its end, so that the connection can be used again.
            response.body().bytes();
            throw new AbsentException();
        }
    }

    private static MinioClient client(StoreSettings settings, URI endpoint, OkHttpClient http) {
        return MinioClient.builder()
                .endpoint(endpoint.toString())
                .region(settings.region())
                .credentials(settings.accessKey().reveal(), settings.secretKey().reveal())
                .httpClient(http)
                .build();
    }

    /** Creates the bucket if it is not there. */
    public void createBucket() {
        call("create bucket", bucket, () -> {
            if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
                client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            }
            return bucket;
        });
    }

    @Override
    public boolean createIfAbsent(String key, byte[] body, String mediaType) {
        if (body.length > MAX_CONDITIONAL) {
            throw new IllegalArgumentException("a conditional object has at most " + MAX_CONDITIONAL + " bytes: "
                    + key);
        }
        var args = PutObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .headers(Map.of("If-None-Match", "*"))
                .contentType(mediaType)
                .data(body, body.length)
                .build();
        for (int attempt = 1;; attempt++) {
            try {
                client.putObject(args);
                return true;
            } catch (ErrorResponseException e) {
                if (status(e) == PRECONDITION_FAILED) {
                    // The client sends again by itself when an answer is lost: the object may be ours.
                    return get(key).filter(present -> Arrays.equals(present, body)).isPresent();
                }
                if (status(e) != CONFLICT || attempt == CONFLICT_TRIES) {
                    throw refused("create", key, e);
                }
            } catch (MinioException e) {
                throw unreachable("create", key, e);
            } catch (IllegalStateException e) {
                throw broken("create", key, e);
            }
        }
    }

    @Override
    public void put(String key, byte[] body, String mediaType) {
        call("write", key, () -> client.putObject(PutObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .contentType(mediaType)
                .data(body, body.length)
                .build()));
    }

    @Override
    public void put(String key, Path file, String mediaType) {
        call("write", key, () -> client.uploadObject(UploadObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .filename(file.toString())
                .contentType(mediaType)
                .build()));
    }

    /**
     * Copies the object onto itself. S3 takes that only with metadata that are written anew, so the media type is asked for
     * first and given back.
     */
    @Override
    public boolean touch(String key) {
        try {
            var stat = call("look up", key,
                    () -> client.statObject(StatObjectArgs.builder().bucket(bucket).object(key).build()));
            call("touch", key, () -> client.copyObject(CopyObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .source(SourceObject.builder().bucket(bucket).object(key).build())
                    .metadataDirective(Directive.REPLACE)
                    .headers(Map.of("Content-Type", stat.contentType()))
                    .build()));
            return true;
        } catch (NoSuchObjectException e) {
            return false;
        }
    }

    @Override
    public Optional<byte[]> get(String key) {
        try (var in = open(key)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchObjectException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreachable("read", key, e);
        }
    }

    @Override
    public InputStream open(String key) {
        return call("read", key, () -> client.getObject(GetObjectArgs.builder().bucket(bucket).object(key).build()));
    }

    @Override
    public Optional<StoredObject> stat(String key) {
        try {
            var stat = call("look up", key,
                    () -> client.statObject(StatObjectArgs.builder().bucket(bucket).object(key).build()));
            return Optional.of(new StoredObject(key, stat.size(), stat.lastModified().toInstant()));
        } catch (NoSuchObjectException e) {
            return Optional.empty();
        }
    }

    @Override
    public Stream<StoredObject> list(String prefix) {
        var items = client.listObjects(
                ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true).build());
        var pages = items.iterator();
        // The client asks for the next page in hasNext as well as in next.
        var objects = new Iterator<StoredObject>() {
            @Override
            public boolean hasNext() {
                return call("list", prefix, pages::hasNext);
            }

            @Override
            public StoredObject next() {
                var item = call("list", prefix, () -> pages.next().get());
                return new StoredObject(item.objectName(), item.size(), item.lastModified().toInstant());
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(objects, Spliterator.ORDERED), false);
    }

    @Override
    public void delete(String key) {
        call("delete", key, () -> {
            client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(key).build());
            return key;
        });
    }

    @Override
    public URI presignGet(String key, Duration validity, String fileName) {
        return call("presign", key, () -> URI.create(presigner.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                .method(Http.Method.GET)
                .bucket(bucket)
                .object(key)
                .expiry(Math.toIntExact(validity.toSeconds()))
                .extraQueryParams(Map.of("response-content-disposition", "inline; filename=\"" + fileName + '"'))
                .build())));
    }

    @Override
    public URI presignPut(String key, Duration validity) {
        return call("presign", key, () -> URI.create(presigner.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                .method(Http.Method.PUT)
                .bucket(bucket)
                .object(key)
                .expiry(Math.toIntExact(validity.toSeconds()))
                .build())));
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private interface Call<T> {
        T run() throws MinioException;
    }

    private static <T> T call(String what, String key, Call<T> call) {
        try {
            return call.run();
        } catch (ErrorResponseException e) {
            if (status(e) == NOT_FOUND) {
                throw new NoSuchObjectException(key);
            }
            throw refused(what, key, e);
        } catch (MinioException e) {
            throw unreachable(what, key, e);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof AbsentException) {
                throw new NoSuchObjectException(key);
            }
            throw broken(what, key, e);
        }
    }

    /** The client wraps what its HTTP library throws: a refused connection, a timeout. */
    private static RuntimeException broken(String what, String key, IllegalStateException e) {
        return e.getCause() instanceof IOException io ? unreachable(what, key, io) : e;
    }

    private static int status(ErrorResponseException e) {
        return e.response().code();
    }

    private static StoreException refused(String what, String key, ErrorResponseException e) {
        return new StoreException("The store refused to " + what + " \"" + key + "\": " + e.errorResponse().code()
                + ", "
                + e.errorResponse().message() + ".", e);
    }

    private static StoreException unreachable(String what, String key, Exception e) {
        return new StoreException("The store could not " + what + " \"" + key + "\" (" + e.getMessage()
                + "); check that it is up and can be reached from here.", e);
    }
}
