package org.atelier.common.bundle;

import java.util.Map;

/**
 * The byte-pair vocabulary of a text tower.
 *
 * @param vocab  file with the token numbers
 * @param merges file with the merge rules, in their order
 * @param sha256 digests (64 hexadecimal digits) by file name
 */
public record TokenizerCard(String vocab, String merges, Map<String, String> sha256) {}
