package org.atelier.common.trace.otel;

import io.opentelemetry.api.common.AttributeKey;

/** What spans are found by. Both processes spell it alike; OpenTelemetry's own names are used where it has one. */
public final class SpanAttributes {
    /** Id of the job. */
    public static final AttributeKey<String> JOB = AttributeKey.stringKey("atelier.job.id");
    /** Its job type. */
    public static final AttributeKey<String> TYPE = AttributeKey.stringKey("atelier.job.type");
    /** Number of the run. */
    public static final AttributeKey<Long> RUN = AttributeKey.longKey("atelier.run");
    /** Number of the attempt at the run. */
    public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("atelier.attempt");
    /** Whose job it is. */
    public static final AttributeKey<String> TENANT = AttributeKey.stringKey("atelier.tenant");
    /** The bundle version, {@code name@version}. */
    public static final AttributeKey<String> BUNDLE = AttributeKey.stringKey("atelier.bundle");
    /** Pool of the attempt. */
    public static final AttributeKey<String> POOL = AttributeKey.stringKey("atelier.pool");
    /** Name of the worker. */
    public static final AttributeKey<String> WORKER = AttributeKey.stringKey("atelier.worker");
    /** Slot of the worker. */
    public static final AttributeKey<String> SLOT = AttributeKey.stringKey("atelier.slot");
    /** What the worker computes on. */
    public static final AttributeKey<String> DEVICE = AttributeKey.stringKey("atelier.device");
    /** Steps that an earlier attempt had done. */
    public static final AttributeKey<Long> RESUMED_FROM = AttributeKey.longKey("atelier.resumed_from");
    /** Step of a checkpoint. */
    public static final AttributeKey<Long> STEP = AttributeKey.longKey("atelier.step");
    /** How it ended, in the words of the meters. */
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("atelier.outcome");
    /** How a request came: {@code http}, {@code kafka} or {@code dispatcher}. */
    public static final AttributeKey<String> CHANNEL = AttributeKey.stringKey("atelier.channel");
    /** Name of an artifact. */
    public static final AttributeKey<String> ARTIFACT = AttributeKey.stringKey("atelier.artifact");
    /** Id of a webhook. */
    public static final AttributeKey<String> WEBHOOK = AttributeKey.stringKey("atelier.webhook.id");
    /** Id of an event. */
    public static final AttributeKey<String> EVENT = AttributeKey.stringKey("cloudevents.event_id");
    /** Status of an HTTP answer. */
    public static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    /** Why it failed: an error category, or the class of an exception. */
    public static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private SpanAttributes() {}
}
