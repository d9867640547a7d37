package org.atelier.worker.checkpoint.published;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.stream.Collectors;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.io.ZipArchive;
import org.atelier.worker.checkpoint.numpy.NpyFile;
import org.atelier.worker.checkpoint.numpy.NpzFile;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.pickle.Unpickler;
import org.atelier.worker.checkpoint.safetensors.SafetensorsTable;
import org.atelier.worker.checkpoint.torch.LegacyFile;
import org.atelier.worker.checkpoint.torch.TorchArchive;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.MappingKind;

/**
 * Opens files as they were published. What a file is goes by its content, never by its name. Nothing in a file can run,
 * nothing is written, and memory is bounded by {@link ReadLimits} whatever the file claims.
 */
public final class PublishedFileReader {
    private static final int SHOWN_ENTRIES = 5;
    private static final int SHOWN_BYTES = 8;

    /** The instruction PROTO, with which pickles of protocol 2 and later start. */
    private static final byte PICKLE = (byte) 0x80;

    /** How pickles of protocol 0 and 1 start: with a name, a mark or an empty container; they have no signature. */
    private static final String OLD_PICKLE = "c(]})";

    private final ReadLimits limits;
    private final AllowList allowed;

    /** A reader for published files. */
    public PublishedFileReader() {
        this(ReadLimits.DEFAULT, Set.of());
    }

    /**
     * A reader for files of a certain kind.
     *
     * @param recordedClasses qualified names of Python classes whose objects may be in the file, for files that pickle a
     *                        whole module; they are recorded as {@link Value.Instance}, never looked up
     */
    public PublishedFileReader(ReadLimits limits, Set<String> recordedClasses) {
        this.limits = limits;
        this.allowed = AllowList.published(recordedClasses);
    }

    /**
     * Opens a file and reads all of it but the numbers. These are only passed over once, for the digest.
     *
     * @throws IOException          if the file cannot be read
     * @throws RefusedFileException if it is damaged, hostile, of another kind, or has no tensors; its message names the file
     *                              and says what to do
     */
    public PublishedFile read(Path path) throws IOException {
        var file = ByteRegion.map(path);
        try {
            return read(file);
        } catch (RefusedFileException e) {
            throw e.in(String.valueOf(path.getFileName()));
        }
    }

    /** The same with the bytes of a file; the messages do not name it. */
    public PublishedFile read(ByteRegion file) {
        var budget = new ReadBudget(limits);
        var content = content(file, budget);
        var tensors = ValueWalk.tensors(content.root, limits);
        var classes = ValueWalk.persistentClasses(content.root);
        if (classes.stream().anyMatch(known -> known.name().equals("SuperresGenerator"))) {
            throw new RefusedFileException(Reason.STYLEGAN_XL, "This is a generator of StyleGAN-XL, which is not"
                    + " supported: import a StyleGAN2 or StyleGAN3 generator.");
        }
        if (tensors.names().isEmpty()) {
            throw new RefusedFileException(Reason.NO_TENSORS,
                    "The file can be read and holds no tensor: it is no model and"
                            + " no array of numbers (" + Quoted.of(content.root.toString())
                            + "). Import the file with the weights.");
        }
        return new PublishedFile(file.sha256(), file.size(), content.container, content.root, tensors, classes);
    }

    /** What a container gave. */
    private record Content(Container container, Value root) {}

    private Content content(ByteRegion file, ReadBudget budget) {
        if (file.startsWith(0, ZipArchive.SIGNATURE)) {
            return archive(ZipArchive.open(file, limits), budget);
        }
        if (NpyFile.isOne(file)) {
            var npy = NpyFile.read(file, "the file", allowed, budget);
            return new Content(new Container.Npy(npy.version()), npy.array());
        }
        if (LegacyFile.isOne(file)) {
            var legacy = LegacyFile.read(file, "the file", allowed, budget);
            return new Content(new Container.TorchLegacy(legacy.protocol(), legacy.order()),
                    legacy.root().freeze(budget));
        }
        // Before pickles: the length that such a file starts with can be any bytes.
        if (SafetensorsTable.isOne(file)) {
            return safetensors(file);
        }
        if (file.startsWith(0, PICKLE)) {
            return pickle(file, budget);
        }
        var wrong = WrongFile.recognise(file);
        if (wrong.isPresent()) {
            throw wrong.get();
        }
        if (SafetensorsTable.looksLikeOne(file)) {
            return safetensors(file);
        }
        if (OLD_PICKLE.indexOf(file.unsignedByte(0)) >= 0 && file.unsignedByte(file.size() - 1) == '.') {
            return pickle(file, budget);
        }
        throw new RefusedFileException(Reason.OTHER_FORMAT,
                "This is no checkpoint of a known kind: it starts with the bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(file.copy(0, (int) Math.min(SHOWN_BYTES, file.size())))
                        + ". Files of PyTorch (.pt, .pth, .pkl, TorchScript), safetensors and NumPy (.npy, .npz) are read.");
    }

    private Content safetensors(ByteRegion file) {
        var table = SafetensorsTable.read(file, "the file", limits);
        var tensors = new LinkedHashMap<String, Value>();
        table.tensors().forEach((name, tensor) -> tensors.put(name, new Value.Tensor(tensor)));
        return new Content(new Container.Safetensors(table.metadata()), new Value.Mapping(MappingKind.DICT, tensors));
    }

    private Content pickle(ByteRegion file, ReadBudget budget) {
        var unpickler = new Unpickler(allowed, storage -> {
            throw new RefusedFileException(Reason.MALFORMED, "The pickle refers to the storage "
                    + Quoted.of(storage.key()) + " of another file. It is part of a larger file: import that.");
        }, (bytes, name, nestedBudget) -> LegacyFile.read(bytes, name, allowed, nestedBudget).root(), budget);
        var pickled = unpickler.load(new ByteCursor(file, "the file"));
        var root = pickled.freeze(budget);
        return new Content(pickled.hasPersistentObjects()
                ? new Container.NvlabsPickle(pickled.protocol())
                : new Container.PlainPickle(pickled.protocol()), root);
    }

    private Content archive(ZipArchive archive, ReadBudget budget) {
        var torch = TorchArchive.in(archive, budget);
        if (torch.isPresent()) {
            return torch.get().isScript() ? script(torch.get(), budget) : torchZip(torch.get(), budget);
        }
        if (NpzFile.isOne(archive)) {
            var npz = NpzFile.read(archive, allowed, budget);
            return new Content(new Container.Npz(npz.compressed()), new Value.Mapping(MappingKind.DICT, npz.arrays()));
        }
        throw new RefusedFileException(Reason.OTHER_FORMAT,
                "This is a zip archive, but neither PyTorch nor NumPy wrote it."
                        + " Unpack it, and import the file with the weights. It holds " + archive.entries().stream()
                                .limit(SHOWN_ENTRIES)
                                .map(entry -> Quoted.of(entry.name()))
                                .collect(Collectors.joining(", "))
                        + (archive.entries().size() > SHOWN_ENTRIES ? ", and more." : "."));
    }

    private Content torchZip(TorchArchive torch, ReadBudget budget) {
        return new Content(new Container.TorchZip(torch.fact("version").orElse(""), torch.order()),
                torch.root(allowed).freeze(budget));
    }

    private Content script(TorchArchive torch, ReadBudget budget) {
        var scriptNames = AllowList.script();
        var root = torch.root(scriptNames).freeze(budget);
        var constants = ValueWalk.tensors(torch.constants(scriptNames).freeze(budget), limits);
        return new Content(new Container.TorchScript(
                root instanceof Value.Instance module ? module.className() : "", constants), root);
    }
}
