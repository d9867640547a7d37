package org.atelier.worker.quality;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.atelier.common.json.Json;

/**
 * Prompts with what they must bring about, for one bundle's reader.
 *
 * @param control a prompt that asks for nothing: what edits by it change is change for its own sake
 * @param hidden  which attributes mean nothing in which pictures
 * @param wishes  the prompts
 */
public record WishList(
        @JsonProperty(required = true) String control,
        @JsonProperty(required = true) List<Hidden> hidden,
        @JsonProperty(required = true) List<Wish> wishes) {
    public WishList {
        hidden = List.copyOf(hidden);
        wishes = List.copyOf(wishes);
    }

    /**
     * An attribute that cannot be seen, such as the colour of the hair on a bald head.
     *
     * @param attribute that cannot be seen
     * @param by        attribute that hides it
     * @param values    of the latter that do
     */
    public record Hidden(
            @JsonProperty(required = true) String attribute,
            @JsonProperty(required = true) String by,
            @JsonProperty(required = true) Set<String> values) {
        public Hidden {
            values = Set.copyOf(values);
        }

        boolean isTrueOf(Reading reading) {
            return values.contains(reading.values().get(by));
        }
    }

    /** The list that comes with the project for a bundle of that name, if there is one. */
    public static Optional<WishList> of(String bundle) {
        try (var in = WishList.class.getResourceAsStream(bundle + ".json")) {
            return in == null ? Optional.empty() : Optional.of(Json.read(in.readAllBytes(), WishList.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a list. */
    public static WishList read(Path file) throws IOException {
        return Json.read(Files.readAllBytes(file), WishList.class);
    }

    /** Whether an attribute means something in a picture. */
    boolean isVisible(String attribute, Reading reading) {
        return hidden.stream().noneMatch(rule -> rule.attribute.equals(attribute) && rule.isTrueOf(reading));
    }
}
