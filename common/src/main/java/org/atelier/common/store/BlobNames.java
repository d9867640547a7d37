package org.atelier.common.store;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;

/**
 * The digests that a document names, wherever it names them: every text of it that is one, also as the name of a field. No
 * kind of document or request needs to be known for that, and none can be forgotten.
 */
public final class BlobNames {
    private static final Pattern SHAPE = Pattern.compile(Digest.PREFIX + "[0-9a-f]{64}");

    private BlobNames() {}

    /** All of them. */
    public static Set<Digest> in(JsonNode document) {
        var found = new LinkedHashSet<Digest>();
        walk(document, found::add);
        return found;
    }

    private static void walk(JsonNode node, Consumer<Digest> found) {
        if (node.isTextual()) {
            take(node.textValue(), found);
        }
        node.properties().forEach(field -> take(field.getKey(), found));
        node.forEach(child -> walk(child, found));
    }

    private static void take(String text, Consumer<Digest> found) {
        if (SHAPE.matcher(text).matches()) {
            found.accept(Digest.parse(text));
        }
    }
}
