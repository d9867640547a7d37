package org.atelier.common.request;

/**
 * One thing that is wrong with a submission.
 *
 * @param field   where, as a JSON pointer: {@code /request/steps}; empty for the whole
 * @param message what is wrong and what is allowed
 */
public record Violation(String field, String message) {}
