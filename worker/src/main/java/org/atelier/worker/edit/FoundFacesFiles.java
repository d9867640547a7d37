package org.atelier.worker.edit;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.json.Json;
import org.atelier.worker.edit.photo.FoundFaces;
import org.atelier.worker.tensor.Picture;

/** What a result says of faces that were found in its images, so that people can see and correct it. */
public final class FoundFacesFiles {
    /** Landmarks in numbers. */
    public static final String NUMBERS = "landmarks.json";
    /** Landmarks drawn into the images. */
    public static final String DRAWN = "landmarks.png";

    private static final int COLUMNS = 4;

    private FoundFacesFiles() {}

    /** The files; none if no faces were found. */
    public static List<Product> of(Collection<FoundFaces> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        return List.of(
                new Product(NUMBERS, Artifact.JSON, Json.bytes(Map.of("images", found.stream().map(FoundFaces::json)
                        .toList()))),
                new Product(DRAWN, Artifact.PNG, Picture.grid(found.stream().map(FoundFaces::shown).toList(), Math.min(
                        COLUMNS, found.size())).png()));
    }
}
