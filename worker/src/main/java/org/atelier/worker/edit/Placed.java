package org.atelier.worker.edit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.LatentSpace;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.Scope;

/**
 * What becomes of a source, where it lies in its frame: pictures for people, and latents as files, which carry the place
 * on. What networks judge is drawn by the generator itself and never placed: they know aligned faces only.
 */
public final class Placed {
    private final Generator generator;
    private final String bundle;
    private final Placement placement;

    private Placed(Generator generator, String bundle, Placement placement) {
        this.generator = generator;
        this.bundle = bundle;
        this.placement = placement;
    }

    /** @param placement {@link Placement#NONE} unless the generator can draw elsewhere */
    public Placed(BundleNetworks networks, Placement placement) {
        this(networks.generator(), networks.card().reference(), placement);
    }

    /** The same with the pictures of another generator, one that was made of this. */
    public Placed by(Generator other) {
        return new Placed(other, bundle, placement);
    }

    /** Where the source lies. */
    public Placement placement() {
        return placement;
    }

    /**
     * Draws pictures.
     *
     * @param wPlus [N, L, C]
     * @return [N, 3, H, W], as {@link org.atelier.worker.nn.Generator#render(NDArray, Noise)}
     */
    public NDArray draw(NDArray wPlus, Noise noise) {
        return Scope.compute(() -> draw(generator.styles(wPlus), noise));
    }

    /**
     * Draws pictures.
     *
     * @param styles by layer, of N pictures
     * @return [N, 3, H, W]
     */
    public NDArray draw(Map<String, NDArray> styles, Noise noise) {
        return Scope.compute(() -> generator.render(generator.placed(styles, List.of(placement)), noise, Tap.NONE));
    }

    /**
     * Pictures that a network was shown, for people: drawn anew only where that makes a difference.
     *
     * @param seen   as the generator draws them
     * @param placed the same by {@link #draw}
     */
    public NDArray shown(NDArray seen, Supplier<NDArray> placed) {
        return placement.isNone() ? seen : placed.get();
    }

    /**
     * A latent as a file: one tensor {@code w+} [1, L, C], and whose latent it is.
     *
     * @param name  of the file
     * @param wPlus [1, L, C]
     */
    public Product file(String name, NDArray wPlus) {
        return file(name, LatentSpace.W_PLUS, Map.of(LatentSpace.W_PLUS.wireName(), wPlus), Latents.Truncated.NOT);
    }

    /**
     * A z as a file.
     *
     * @param name  of the file
     * @param z     how its w is truncated
     * @param moved [1, Z]
     */
    public Product file(String name, Latents.Z z, NDArray moved) {
        return file(name, LatentSpace.Z, Map.of(LatentSpace.Z.wireName(), moved), z.truncated());
    }

    /**
     * A latent of StyleSpace as a file: one tensor {@code s/LAYER} a layer. No w+ need have these styles.
     *
     * @param name   of the file
     * @param styles by layer, see {@link org.atelier.worker.nn.Generator#styles}; not placed
     */
    public Product file(String name, Map<String, NDArray> styles) {
        var tensors = new TreeMap<String, NDArray>();
        styles.forEach((layer, style) -> tensors.put(Latents.STYLE + layer, style));
        return file(name, LatentSpace.S, tensors, Latents.Truncated.NOT);
    }

    /**
     * A latent of any space as a file.
     *
     * @param tensors   {@code z}, {@code w}, {@code w+}, or {@code s/LAYER} for every layer
     * @param truncated of a z: it belongs to the picture
     */
    Product file(String name, LatentSpace space, Map<String, NDArray> tensors, Latents.Truncated truncated) {
        return new Product(name, Artifact.SAFETENSORS, SafetensorsWriter.bytes(tensors, LatentMetadata.of(bundle, space,
                truncated, placement)));
    }
}
