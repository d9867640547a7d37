package org.atelier.worker.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.Architectures.Surroundings;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Network;
import org.atelier.worker.nn.clip.BpeTokenizer;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.nn.delta.DeltaMapper;
import org.atelier.worker.nn.encoder.Encoder;
import org.atelier.worker.nn.face.FaceNetwork;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.nn.perceptual.AttributeReader;
import org.atelier.worker.nn.perceptual.Lpips;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;
import org.jspecify.annotations.Nullable;

/**
 * The networks of a bundle folder. Each is built when it is first asked for, so that a job pays for what it uses, and
 * stays until this is closed.
 */
public final class BundleNetworks implements AutoCloseable {
    private static final String GENERATOR = "generator";

    private final Path folder;
    private final TensorEngine engine;
    private final BundleCard card;
    private final Map<String, Network> built = new LinkedHashMap<>();

    /** Whose networks these are but for the generator; null: all are its own. */
    private final @Nullable BundleNetworks base;

    /** What the generator differs by; null: nothing. */
    private final @Nullable GeneratorDelta delta;

    /**
     * A CLIP with all that belongs to its use.
     *
     * @param network   the towers
     * @param tokenizer of its texts
     * @param recipe    how pictures are prepared for it
     */
    public record ClipParts(Clip network, BpeTokenizer tokenizer, ClipInput.Recipe recipe) {}

    private BundleNetworks(
            Path folder,
            BundleCard card,
            TensorEngine engine,
            @Nullable BundleNetworks base,
            @Nullable GeneratorDelta delta) {
        this.folder = folder;
        this.card = card;
        this.engine = engine;
        this.base = base;
        this.delta = delta;
    }

    /**
     * Opens a folder; nothing is built yet.
     *
     * @param folder with {@code bundle.json} and the files that it names
     */
    public static BundleNetworks open(Path folder, TensorEngine engine) {
        try {
            var card = Json.read(Files.readAllBytes(folder.resolve(BundleCard.FILE)), BundleCard.class);
            return new BundleNetworks(folder, card, engine, null, null);
        } catch (IOException e) {
            throw new UncheckedIOException("a bundle folder has a " + BundleCard.FILE, e);
        }
    }

    /** What the bundle says about itself. */
    public BundleCard card() {
        return card;
    }

    /** The engine that the networks run on. */
    public TensorEngine engine() {
        return engine;
    }

    /**
     * The same networks with another generator. Only that is loaded, and closing the result closes only that: the others
     * are these, and must stay open as long.
     *
     * @param tuned how it differs from the bundle's own
     * @throws IllegalArgumentException if it belongs to another bundle or has other shapes
     */
    public BundleNetworks tuned(GeneratorDelta tuned) {
        tuned.requireBundle(card.reference());
        var networks = new BundleNetworks(folder, card, engine, this, tuned);
        networks.generator();
        return networks;
    }

    /** The generator. */
    public Generator generator() {
        return get(GENERATOR, card.generator(), Generator.class).orElseThrow();
    }

    /** A second generator with the same weights, for whoever changes them; the caller closes it. */
    public Generator newGenerator() {
        return (Generator) build(GENERATOR, card.generator(), new Surroundings(engine, Map.of()));
    }

    /** The CLIP that every method uses, if the bundle has one. */
    public Optional<ClipParts> clip() {
        return clip(BundleCard.CLIP);
    }

    /**
     * A CLIP, if the bundle has it.
     *
     * @param name {@code clip}, or that of a further one
     */
    public Optional<ClipParts> clip(String name) {
        var part = BundleCard.partOfClip(name);
        var network = card.networks().get(part);
        return get(part, network, Clip.class).map(clip -> withParts(clip, network));
    }

    private ClipParts withParts(Clip clip, NetworkCard network) {
        var files = network.tokenizer();
        return new ClipParts(clip,
                files == null
                        ? BpeTokenizer.published()
                        : BpeTokenizer.read(folder.resolve(files.vocab()), folder.resolve(files.merges())),
                network.preprocess() == null ? ClipInput.Recipe.STYLECLIP : ClipInput.Recipe.of(network.preprocess()));
    }

    /** The identity network, if the bundle has one. */
    public Optional<FaceNetwork> identity() {
        return get("identity", card.identity(), FaceNetwork.class);
    }

    /** The perceptual network, if the bundle has one. */
    public Optional<Lpips> perceptual() {
        return get(Architectures.PERCEPTUAL, card.perceptual(), Lpips.class);
    }

    /** The encoder, if the bundle has one. */
    public Optional<Encoder> encoder() {
        return get("encoder", card.encoder(), Encoder.class);
    }

    /** The reader of attributes, if the bundle has one and the perceptual network whose features it reads. */
    public Optional<AttributeReader> reader() {
        return perceptual().flatMap(backbone -> get("reader", card.reader(), AttributeReader.class));
    }

    /** The delta mapper, if the bundle has one. */
    public Optional<DeltaMapper> delta() {
        return get("delta", card.delta(), DeltaMapper.class);
    }

    /** The network that finds faces, if the bundle has one. */
    public Optional<Mtcnn> landmarks() {
        return get(BundleCard.LANDMARKS, card.landmarks(), Mtcnn.class);
    }

    private synchronized <T extends Network> Optional<T> get(String part, @Nullable NetworkCard network,
            Class<T> type) {
        if (network == null) {
            return Optional.empty();
        }
        if (base != null && !part.equals(GENERATOR)) {
            return base.get(part, network, type);
        }
        if (!built.containsKey(part)) {
            var surroundings = new Surroundings(engine, built);
            built.put(part, Scope.outside(() -> build(part, network, surroundings)));
        }
        return Optional.of(type.cast(built.get(part)));
    }

    private Network build(String part, NetworkCard network, Surroundings surroundings) {
        var builder = Architectures.of(card, part, network);
        try (var weights = SafetensorsFile.open(folder.resolve(network.file()))) {
            return builder.build(network, delta != null && part.equals(GENERATOR) ? delta.applyTo(weights) : weights,
                    surroundings);
        }
    }

    @Override
    public synchronized void close() {
        built.values().forEach(Network::close);
        built.clear();
    }
}
