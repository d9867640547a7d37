package org.atelier.dispatcher.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What somebody may do. Each role may do what those before it may. */
public enum Role {
    /** See the jobs, artifacts and bundles of its tenant. */
    READ,
    /** Submit and cancel jobs of its tenant, and upload what they need. */
    SUBMIT,
    /** Keep the fleet running: metrics, scaling, webhooks of its tenant. */
    OPERATE,
    /** Say who may do what: tokens, and which tenants use a bundle. */
    ADMIN;

    /** Whether whoever has this role may do what needs the other. */
    public boolean covers(Role wanted) {
        return compareTo(wanted) >= 0;
    }

    /** In lower case, as it is written in documents. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Role::word).toList();
    }

    /**
     * The role of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    @JsonCreator
    public static Role parse(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is \"" + word + "\"; it must be one of " + words()));
    }
}
