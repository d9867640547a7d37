package org.atelier.worker.models;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.tensor.TensorEngine;
import org.jspecify.annotations.Nullable;

/**
 * Makes a bundle folder from published files. It is built beside its place and moved there when it is whole and was run
 * once, so that a failed import leaves nothing behind.
 */
final class BundleImport {
    /** Seeds of the imported generator, for people to look at. */
    static final String PICTURE = "self-check.png";

    private static final int MEAN_SAMPLES = 10_000;

    private final Supplier<TensorEngine> engine;

    /**
     * What to make.
     *
     * @param name    of the bundle
     * @param version of the bundle
     * @param title   one line for people
     * @param licence of the weights
     * @param files   published files, in any order
     * @param clips   files of further CLIPs, by the names that they get
     * @param folder  to be made
     * @param check   whether every network is built and run once
     */
    record Order(String name, String version, String title, String licence, List<Path> files,
            Map<String, Path> clips, Path folder, boolean check) {}

    /**
     * What was made.
     *
     * @param card     of the bundle; absent if only a mapper was imported
     * @param networks of it, and mappers
     * @param findings of the self-check
     * @param notes    what else the user should know
     */
    record Result(@Nullable BundleCard card, List<ConvertedNetwork> networks, List<SelfCheck.Finding> findings,
            List<String> notes) {}

    /** Told how far the writing is. */
    interface Progress {
        /** Begins; the total is in bytes. */
        void start(long total);

        /** More bytes are written. */
        void advance(long bytes);
    }

    /** @param engine started when the first network is run */
    BundleImport(Supplier<TensorEngine> engine) {
        this.engine = engine;
    }

    /**
     * Imports.
     *
     * @throws RefusedFileException    if a file is damaged, hostile or no checkpoint
     * @throws ImportException         if the files do not make a bundle
     * @throws WeightMismatchException if weights are not those of the architecture that they look like
     */
    Result run(Order order, Progress progress) throws IOException {
        if (Files.exists(order.folder)) {
            throw new ImportException(order.folder + " exists already. Name a folder that does not, or remove it.");
        }
        var notes = new ArrayList<String>();
        var networks = new ArrayList<>(convert(order.files, notes));
        for (var clip : order.clips.entrySet()) {
            networks.add(furtherClip(clip.getKey(), clip.getValue()));
        }
        var parent = order.folder.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        var part = Files.createTempDirectory(parent, ".import-");
        try {
            var result = build(order, part, networks, notes, progress);
            Files.move(part, order.folder);
            return result;
        } finally {
            Folders.remove(part);
        }
    }

    private static List<ConvertedNetwork> convert(List<Path> files, List<String> notes) throws IOException {
        var found = new ArrayList<FoundNetwork>();
        for (var file : files) {
            found.addAll(Recogniser.networks(String.valueOf(file.getFileName()), new PublishedFileReader().read(file)));
        }
        dropDecoders(found, notes);
        var byKind = found.stream().collect(Collectors.groupingBy(FoundNetwork::kind, TreeMap::new, Collectors
                .toList()));
        var converted = new TreeMap<String, ConvertedNetwork>();
        var backbone = byKind.remove(Kind.BACKBONE);
        var heads = byKind.remove(Kind.LPIPS_HEADS);
        if (backbone == null != (heads == null)) {
            throw new ImportException("LPIPS needs two files, and there is only " + (backbone == null
                    ? heads
                    : backbone)
                    .getFirst()
                    + ". Give both: the backbone of torchvision (vgg16-397923af.pth or alexnet-owt-7be5be79.pth)"
                    + " and the linear layers of LPIPS (vgg.pth or alex.pth).");
        }
        if (backbone != null) {
            var network = Conversion.lpips(backbone.getFirst(), heads.getFirst());
            converted.put(network.part(), network);
        }
        var mtcnn = found.stream().filter(MtcnnConversion::isPart).toList();
        if (!mtcnn.isEmpty()) {
            mtcnn.forEach(network -> byKind.remove(network.kind()));
            var network = MtcnnConversion.of(mtcnn);
            converted.put(network.part(), network);
        }
        for (var group : byKind.values()) {
            for (var network : group) {
                if (converted.put(network.kind().part(), Conversion.of(network)) != null) {
                    throw new ImportException("Two of the files hold a " + network.kind().part() + ", one of them "
                            + network + ". A bundle has one: name the other one in an import of its own.");
                }
            }
        }
        Optional.ofNullable(converted.get(Kind.ENCODER.part()))
                .filter(encoder -> encoder.config().path("n_styles").asInt() > 0 && encoder.config().path(
                        "encoder_type").asText().isEmpty())
                .ifPresent(encoder -> notes.add("the encoder's file does not say what kind it is (opts.encoder_type)"
                        + " and no weight tells: it is taken for pSp's. Of e4e's the rows would come out wrong"));
        return List.copyOf(converted.values());
    }

    private static ConvertedNetwork furtherClip(String name, Path file) throws IOException {
        var found = Recogniser.networks(String.valueOf(file.getFileName()), new PublishedFileReader().read(file));
        if (found.size() != 1 || !found.getFirst().kind().part().equals(BundleCard.CLIP)) {
            throw new ImportException(file + " is given as the CLIP \"" + name + "\" and holds " + found + ".");
        }
        return Conversion.of(found.getFirst()).as(BundleCard.partOfClip(name));
    }

    /** An encoder's file has a copy of its generator, which counts only where no other file brings one. */
    private static void dropDecoders(List<FoundNetwork> found, List<String> notes) {
        var generators = found.stream().filter(network -> network.kind().part().equals("generator")).toList();
        if (generators.size() > 1) {
            generators.stream().filter(network -> network.place().endsWith("decoder")).forEach(copy -> {
                found.remove(copy);
                notes.add(copy + " is left out: another file brings the generator");
            });
        }
    }

    private Result build(Order order, Path folder, List<ConvertedNetwork> networks, List<String> notes,
            Progress progress) throws IOException {
        progress.start(networks.stream()
                .flatMap(network -> network.tensors().values().stream())
                .mapToLong(TensorContent::size)
                .sum());
        var cards = new LinkedHashMap<String, NetworkCard>();
        for (var network : networks) {
            var file = folder.resolve(network.fileName());
            addMean(network, folder, notes);
            write(file, network, progress::advance);
            cards.put(network.part(), card(network, file));
        }
        if (!cards.containsKey("generator")) {
            if (networks.stream().allMatch(network -> network.part().equals(Kind.MAPPER.part()))) {
                return new Result(null, networks, List.of(), notes);
            }
            throw new ImportException(
                    "None of the files holds a generator, and a bundle is made for one. Add the file of"
                            + " a StyleGAN2 or StyleGAN3.");
        }
        if (!order.clips.isEmpty() && !cards.containsKey(BundleCard.CLIP)) {
            throw new ImportException("There are further CLIPs and none that all methods use: give that one as a file"
                    + " without a name.");
        }
        var clips = new TreeMap<String, NetworkCard>();
        order.clips.keySet().forEach(name -> clips.put(name, cards.get(BundleCard.partOfClip(name))));
        var card = new BundleCard(order.name, order.version, order.title, order.licence, cards.get("generator"), cards
                .get(BundleCard.CLIP), clips, cards.get("identity"), cards.get("perceptual"), cards.get("encoder"),
                null, null, cards.get(BundleCard.LANDMARKS), null);
        Files.writeString(folder.resolve(BundleCard.FILE), Json.pretty(card) + "\n");
        return new Result(card, networks, order.check ? check(folder) : List.of(), notes);
    }

    private static void write(Path file, ConvertedNetwork network, LongConsumer written) throws IOException {
        var tensors = new LinkedHashMap<String, TensorContent>();
        network.tensors().forEach((name, tensor) -> tensors.put(name, new TensorContent(tensor.type(), tensor.shape(),
                () -> {
                    var bytes = tensor.bytes().get();
                    written.accept(tensor.size());
                    return bytes;
                })));
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            SafetensorsWriter.writeContents(out, tensors, Map.of("architecture", network.architecture()));
        }
    }

    private static NetworkCard card(ConvertedNetwork network, Path file) {
        return new NetworkCard(network.architecture(), network.fileName(), Digest.of(file).hex(), network.config(),
                null,
                null, null);
    }

    /** Truncation needs the mean latent: where the file has none, it is measured. */
    private void addMean(ConvertedNetwork network, Path folder, List<String> notes) throws IOException {
        if (!network.architecture().equals("stylegan2") || network.tensors().containsKey(StyleGanConversion.MEAN)) {
            return;
        }
        int size = network.config().path("w_dim").asInt();
        network.tensors().put(StyleGanConversion.MEAN, TensorContent.of(new float[size], size));
        var draft = Files.createDirectory(folder.resolve("draft"));
        write(draft.resolve(network.fileName()), network, bytes -> {});
        var card = new BundleCard("draft", "1", "", "", card(network, draft.resolve(network.fileName())), null,
                Map.of(), null, null, null, null, null, null, null);
        Files.write(draft.resolve(BundleCard.FILE), Json.bytes(card));
        try (var networks = BundleNetworks.open(draft, engine.get()); var manager = engine.get().newManager()) {
            var mean = SelfCheck.meanLatent(networks.generator(), manager, MEAN_SAMPLES);
            network.tensors().put(StyleGanConversion.MEAN, TensorContent.of(mean, size));
        }
        Folders.remove(draft);
        notes.add("the file has no mean latent: it was measured over " + MEAN_SAMPLES + " samples of seed 0");
    }

    private List<SelfCheck.Finding> check(Path folder) throws IOException {
        try (var check = new SelfCheck(BundleNetworks.open(folder, engine.get()))) {
            return check.all(faces -> Files.write(folder.resolve(PICTURE), faces.png()));
        }
    }
}
