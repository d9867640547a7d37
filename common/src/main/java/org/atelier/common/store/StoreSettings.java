package org.atelier.common.store;

import java.net.URI;
import java.util.List;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Secret;
import org.atelier.common.config.Setting;

/**
 * How to reach the object store.
 *
 * @param endpoint       where this process reaches it
 * @param publicEndpoint the address that presigned URLs are made for
 * @param region         the region to sign for
 * @param bucket         the bucket that holds everything
 * @param accessKey      who we are
 * @param secretKey      proof of it
 */
public record StoreSettings(
        URI endpoint,
        URI publicEndpoint,
        String region,
        String bucket,
        Secret accessKey,
        Secret secretKey) {
    /** Address of the store inside the fleet. */
    public static final Setting<URI> ENDPOINT = Setting.required("ATELIER_STORE_ENDPOINT", Parser.HTTP_URI,
            "address of the S3 store as this process reaches it");
    /** Address of the store outside the fleet. */
    public static final Setting<URI> PUBLIC_ENDPOINT = Setting.optional("ATELIER_STORE_PUBLIC_ENDPOINT",
            Parser.HTTP_URI,
            "address of the S3 store as callers reach it: presigned URLs are signed for it; absent: the same");
    /** Region to sign for. */
    public static final Setting<String> REGION = Setting.of("ATELIER_STORE_REGION", Parser.STRING, "us-east-1",
            "region of the S3 store; self-hosted stores take any");
    /** Bucket. */
    public static final Setting<String> BUCKET = Setting.of("ATELIER_STORE_BUCKET", Parser.STRING, "atelier",
            "bucket that holds blobs, jobs and bundles; the dispatcher creates it if it may");
    /** Access key. */
    public static final Setting<Secret> ACCESS_KEY = Setting.required("ATELIER_STORE_ACCESS_KEY", Parser.SECRET,
            "access key of the S3 store");
    /** Secret key. */
    public static final Setting<Secret> SECRET_KEY = Setting.required("ATELIER_STORE_SECRET_KEY", Parser.SECRET,
            "secret key of the S3 store");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(ENDPOINT, PUBLIC_ENDPOINT, REGION, BUCKET, ACCESS_KEY,
            SECRET_KEY);

    /** Takes the store's settings out of a process's. */
    public static StoreSettings of(Configuration configuration) {
        var endpoint = configuration.get(ENDPOINT);
        return new StoreSettings(endpoint, configuration.find(PUBLIC_ENDPOINT).orElse(endpoint), configuration.get(
                REGION),
                configuration.get(BUCKET), configuration.get(ACCESS_KEY), configuration.get(SECRET_KEY));
    }
}
