package org.atelier.common.kafka;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;

/** What Kafka refuses until a person does something: it does not believe who a client is, or does not let it do something. */
public final class Refusals {
    private Refusals() {}

    /** Whether a client may be of no more use after this failure. */
    static boolean needsNewClient(Throwable failure) {
        return chain(failure).anyMatch(
                each -> each instanceof AuthenticationException || each instanceof ClusterAuthorizationException);
    }

    /** What was refused and what to do; empty if the failure is of another kind. */
    public static Optional<String> explained(Throwable failure) {
        return chain(failure).flatMap(each -> switch (each) {
            case AuthenticationException stranger -> Stream.of("Kafka does not believe who this process is: "
                    + reasons(stranger) + ". Check user, password and certificates in the file that "
                    + KafkaSettings.PROPERTIES.key() + " names, and that the brokers know them");
            case AuthorizationException refused -> Stream.of("Kafka does not let this process do that: " + reasons(
                    refused) + ". What it has to be allowed, docs/operator.md lists");
            default -> Stream.empty();
        }).findFirst();
    }

    /** The message, and what lies behind it: of a handshake that failed only the cause says why. */
    private static String reasons(Throwable failure) {
        var causes = chain(failure).map(Throwable::getMessage).filter(Objects::nonNull).distinct().toList();
        return causes.isEmpty() ? failure.getClass().getSimpleName() : String.join(": ", causes);
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
