package org.atelier.common.bundle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code bundle.json}: a named, versioned set of networks that belong together. The dispatcher validates requests against
 * it; workers build the networks from it.
 *
 * @param name       unique; what requests name
 * @param version    within the name; a version never changes once it is stored
 * @param title      one line for people
 * @param licence    of the weights
 * @param generator  a StyleGAN, StyleGAN2 or StyleGAN3; its config has {@code num_ws}, whatever else it has
 * @param clip       judges a picture against a text; needed by every text edit
 * @param clips      further CLIPs by name, which judge beside it in methods that take several
 * @param identity   tells whether two pictures show the same face
 * @param perceptual tells how alike two pictures look (LPIPS)
 * @param encoder    picture to latent
 * @param reader     reads attributes, for quality reports only: part of no loss
 * @param delta      says for any text how a latent moves (a delta mapper)
 * @param landmarks  finds faces in photos, and where their eyes and mouths are
 * @param presets    prompts and hyper-parameters that work, by job type
 */
public record BundleCard(
        String name,
        String version,
        String title,
        String licence,
        NetworkCard generator,
        @Nullable NetworkCard clip,
        Map<String, NetworkCard> clips,
        @Nullable NetworkCard identity,
        @Nullable NetworkCard perceptual,
        @Nullable NetworkCard encoder,
        @Nullable NetworkCard reader,
        @Nullable NetworkCard delta,
        @Nullable NetworkCard landmarks,
        JsonNode presets) {
    /** Name of the card's file in a bundle folder. */
    public static final String FILE = "bundle.json";
    /** Part of the CLIP that every method uses; the part of a further one has its name behind a hyphen. */
    public static final String CLIP = "clip";
    /** Part of the network that finds faces. */
    public static final String LANDMARKS = "landmarks";

    public BundleCard {
        clips = clips == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(clips));
        presets = presets == null ? JsonNodeFactory.instance.objectNode() : presets;
    }

    /** The name that pins this version: {@code name@version}. */
    public String reference() {
        return name + "@" + version;
    }

    /** How many rows of w the generator takes (its {@code num_ws}). */
    public int latentRows() {
        return generator.intConfig("num_ws");
    }

    /** Every file that the networks need, with the SHA-256 it must have (64 hexadecimal digits). */
    public Map<String, String> files() {
        var files = new LinkedHashMap<String, String>();
        for (var network : networks().values()) {
            files.put(network.file(), network.sha256());
            Optional.ofNullable(network.tokenizer()).ifPresent(tokenizer -> files.putAll(tokenizer.sha256()));
        }
        return files;
    }

    /** The networks that this bundle has, by the name of their part. */
    public Map<String, NetworkCard> networks() {
        var networks = new LinkedHashMap<String, NetworkCard>();
        networks.put("generator", generator);
        putIfPresent(networks, CLIP, clip);
        clips.forEach((name, network) -> networks.put(partOfClip(name), network));
        putIfPresent(networks, "identity", identity);
        putIfPresent(networks, "perceptual", perceptual);
        putIfPresent(networks, "encoder", encoder);
        putIfPresent(networks, "reader", reader);
        putIfPresent(networks, "delta", delta);
        putIfPresent(networks, LANDMARKS, landmarks);
        return networks;
    }

    /** What a CLIP is called among the parts: {@code clip}, or {@code clip-NAME} for a further one. */
    public static String partOfClip(String name) {
        return name.equals(CLIP) ? CLIP : CLIP + "-" + name;
    }

    /** The names by which requests choose CLIPs: {@code clip}, and those of the further ones. */
    public Set<String> clipNames() {
        var names = new LinkedHashSet<String>();
        if (clip != null) {
            names.add(CLIP);
        }
        names.addAll(clips.keySet());
        return names;
    }

    private static void putIfPresent(Map<String, NetworkCard> networks, String part, @Nullable NetworkCard network) {
        if (network != null) {
            networks.put(part, network);
        }
    }
}
