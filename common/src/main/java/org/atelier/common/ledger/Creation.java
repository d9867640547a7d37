package org.atelier.common.ledger;

/**
 * What came of creating a document that may be created once.
 *
 * @param <T> the kind of document
 */
public sealed interface Creation<T> {
    /** The document that is now there, whoever wrote it. */
    T document();

    /** We created it. */
    record Created<T>(T document) implements Creation<T> {}

    /** It was there before; this is what it says. */
    record Existing<T>(T document) implements Creation<T> {}
}
