package org.atelier.common.event;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of each message on the wire: {@code org.atelier.<name>.v<major>}, the {@code type} of its CloudEvent.
 *
 * <p>The major version changes when an older reader would misunderstand; added fields do not change it.
 */
public enum MessageType {
    /** See {@link Message.JobRequested}. */
    JOB_REQUESTED("job.requested", 1, Message.JobRequested.class),
    /** See {@link Message.RunQueued}. */
    RUN_QUEUED("run.queued", 1, Message.RunQueued.class),
    /** See {@link Message.AttemptReady}. */
    ATTEMPT_READY("attempt.ready", 1, Message.AttemptReady.class),
    /** See {@link Message.AttemptStarted}. */
    ATTEMPT_STARTED("attempt.started", 1, Message.AttemptStarted.class),
    /** See {@link Message.AttemptProgressed}. */
    ATTEMPT_PROGRESSED("attempt.progressed", 1, Message.AttemptProgressed.class),
    /** See {@link Message.AttemptDeferred}. */
    ATTEMPT_DEFERRED("attempt.deferred", 1, Message.AttemptDeferred.class),
    /** See {@link Message.AttemptFailed}. */
    ATTEMPT_FAILED("attempt.failed", 1, Message.AttemptFailed.class),
    /** See {@link Message.CancelRequested}. */
    CANCEL_REQUESTED("run.cancel-requested", 1, Message.CancelRequested.class),
    /** See {@link Message.JobErased}. */
    JOB_ERASED("job.erased", 1, Message.JobErased.class),
    /** See {@link Message.RunEnded}. */
    RUN_ENDED("run.ended", 1, Message.RunEnded.class),
    /** See {@link Message.RequestRefused}. */
    REQUEST_REFUSED("request.refused", 1, Message.RequestRefused.class),
    /** See {@link Message.WorkerAlive}. */
    WORKER_ALIVE("worker.alive", 1, Message.WorkerAlive.class),
    /** See {@link Message.WorkerLeft}. */
    WORKER_LEFT("worker.left", 1, Message.WorkerLeft.class),
    /** See {@link Message.ActionAudited}. */
    ACTION_AUDITED("action.audited", 1, Message.ActionAudited.class);

    private static final String PREFIX = "org.atelier.";
    private static final Pattern SHAPE = Pattern.compile(Pattern.quote(PREFIX) + "([a-z.-]+)\\.v([0-9]{1,4})");

    private final String name;
    private final int major;
    private final Class<? extends Message> messageClass;

    MessageType(String name, int major, Class<? extends Message> messageClass) {
        this.name = name;
        this.major = major;
        this.messageClass = messageClass;
    }

    /** The CloudEvent type, with the major version that this process writes. */
    public String wireName() {
        return PREFIX + name + ".v" + major;
    }

    /** The name without prefix and version, for example {@code run.ended}: the event of a server-sent event stream. */
    public String shortName() {
        return name;
    }

    /** The type of that {@link #shortName}, or empty if a newer version introduced it. */
    public static Optional<MessageType> ofShortName(String name) {
        return Arrays.stream(values()).filter(type -> type.name.equals(name)).findFirst();
    }

    /** The major version that this process writes and the newest that it reads. */
    public int major() {
        return major;
    }

    /** The record that its data is bound to. */
    public Class<? extends Message> messageClass() {
        return messageClass;
    }

    /** The type of a message. */
    public static MessageType of(Message message) {
        return Arrays.stream(values())
                .filter(type -> type.messageClass == message.getClass())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no wire name for " + message.getClass()));
    }

    /** What a CloudEvent type says, or empty if it is none of ours. */
    public static Optional<Versioned> parse(String cloudEventType) {
        var matcher = SHAPE.matcher(cloudEventType);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Arrays.stream(values())
                .filter(type -> type.name.equals(matcher.group(1)))
                .findFirst()
                .map(type -> new Versioned(type, Integer.parseInt(matcher.group(2))));
    }

    /** A type and the major version that was written. */
    public record Versioned(MessageType type, int major) {}
}
