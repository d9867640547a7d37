package org.atelier.common.log;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes out of text what nobody may see who reads logs: values that are known, and what looks like a token, a password, a key or a signature,
 * whoever wrote it there. Libraries write what they like at {@code DEBUG}, and exceptions carry addresses.
 */
public final class SecretMask {
    /** No values are known; what looks like a secret goes. */
    public static final SecretMask SHAPES = new SecretMask(List.of());

    private static final String STARS = "********";
    /** A known value that is shorter could be any word. */
    private static final int SHORTEST = 6;
    /** Each with the part in front of the secret as its group. */
    private static final List<Pattern> PATTERNS = List.of(
            // Of Atelier: tokens (the id may be seen), signing secrets of webhooks.
            Pattern.compile("(atl_[0-9a-f]{16}_)[A-Za-z0-9_-]{20,}"),
            Pattern.compile("(whsec_)[A-Za-z0-9+/=_-]{16,}"),
            // JWT: three parts, of which the first begins as {"
            Pattern.compile("(eyJ)[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*"),
            Pattern.compile(
                    "(?i)(authorization\\W{1,4}(?:bearer|basic|aws4-hmac-sha256)? ?)[^\\s\"',;|]{6,}(?:, ?[A-Za-z]+=[^\\s\"',]+)*"),
            Pattern.compile("(?i)(\\bbearer )[A-Za-z0-9._~+/=-]{6,}"),
            // Presigned addresses: without these two they are of no use.
            Pattern.compile("(?i)(X-Amz-(?:Signature|Security-Token)(?:=|%3D))[A-Za-z0-9%/+=_-]+"),
            Pattern.compile(
                    "(?i)((?:password|passwd|secret[_-]?key)\"?\\s*[=:]\\s*\"?)(?!null|Optional|\\[hidden]|<masked>|[*])[^\\s\"&,;|}\\]]+"),
            Pattern.compile("(//[^/\\s:@]+:)[^/\\s@\"',]+(?=@)"),
            Pattern.compile("(-----BEGIN [A-Z ]*PRIVATE KEY-----)[A-Za-z0-9+/=\\s\\\\|]+"));

    private final List<String> values;

    /** @param values that are secret */
    public SecretMask(List<String> values) {
        // The longest first: one may be a part of another.
        this.values = values.stream().filter(value -> value.length() >= SHORTEST).sorted(Comparator.comparingInt(
                String::length).reversed()).toList();
    }

    /** The text with stars in the places of secrets. */
    public String mask(String text) {
        var masked = text;
        for (var value : values) {
            masked = masked.replace(value, STARS);
        }
        for (var pattern : PATTERNS) {
            masked = pattern.matcher(masked).replaceAll("$1" + STARS);
        }
        return masked;
    }
}
