package org.atelier.helm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image in the format of {@code docker save}.
 *
 * @param configuration what Docker is told about it
 * @param layers        the files of each layer, from the lowest
 */
record ImageTarball(JsonNode configuration, List<List<Entry>> layers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A file of a layer.
     *
     * @param name     without a leading slash
     * @param modified as the layer says
     * @param text     of small files; else empty
     */
    record Entry(String name, Instant modified, String text) {}

    private static final int SMALL = 100_000;

    /** Reads an image. */
    static ImageTarball read(Path file) throws IOException {
        var documents = new LinkedHashMap<String, JsonNode>();
        var layers = new LinkedHashMap<String, List<Entry>>();
        try (var tar = new TarArchiveInputStream(Files.newInputStream(file))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().endsWith(".json")) {
                    documents.put(entry.getName(), JSON.readTree(tar.readAllBytes()));
                } else {
                    layers.put(entry.getName(), files(tar));
                }
            }
        }
        var manifest = documents.get("manifest.json").path(0);
        return new ImageTarball(documents.get(manifest.path("Config").asText()), ordered(manifest, layers));
    }

    private static List<List<Entry>> ordered(JsonNode manifest, Map<String, List<Entry>> layers) {
        return Manifests.elements(manifest.path("Layers")).map(name -> layers.get(name.asText())).toList();
    }

    @SuppressWarnings("resource") // the streams are views of one that the caller closes
    private static List<Entry> files(InputStream layer) throws IOException {
        var tar = new TarArchiveInputStream(new GZIPInputStream(layer));
        var files = new ArrayList<Entry>();
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.isFile()) {
                files.add(new Entry(entry.getName(), entry.getLastModifiedTime().toInstant(), text(tar, entry)));
            }
        }
        return List.copyOf(files);
    }

    private static String text(InputStream in, TarArchiveEntry entry) throws IOException {
        return entry.getSize() > SMALL ? "" : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The files of all layers. */
    List<Entry> files() {
        return layers.stream().flatMap(List::stream).toList();
    }
}
