package org.atelier.worker.checkpoint.torch;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.io.ZipArchive;
import org.atelier.worker.checkpoint.io.ZipEntry;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.pickle.Pickled;
import org.atelier.worker.checkpoint.pickle.PickledStorage;
import org.atelier.worker.checkpoint.pickle.Unpickler;

/**
 * The zip archive of PyTorch 1.6 and later, of {@code torch.save} and of TorchScript: one folder of any name with a pickle
 * {@code data.pkl} and the storages {@code data/KEY}. Of a TorchScript archive the same is read, and {@code constants.pkl};
 * never {@code code/}. Source: {@code caffe2/serialize/inline_container.h} and {@code torch/serialization.py}.
 */
public final class TorchArchive {
    private static final String PICKLE = "data.pkl";
    private static final String SCRIPT_CONSTANTS = "constants.pkl";
    private static final String SCRIPT_CODE = "code/";
    private static final int LONGEST_FACT = 64;

    private final ZipArchive archive;
    private final String folder;
    private final ReadBudget budget;
    private final ByteOrder order;

    private TorchArchive(ZipArchive archive, String folder, ReadBudget budget) {
        this.archive = archive;
        this.folder = folder;
        this.budget = budget;
        this.order = fact("byteorder").filter("big"::equals).isPresent()
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN;
    }

    /**
     * Finds the folder of a PyTorch file in an archive.
     *
     * @return empty if it has none: it is some other archive
     * @throws RefusedFileException if it has several, or compressed entries other than code
     */
    public static Optional<TorchArchive> in(ZipArchive archive, ReadBudget budget) {
        var folders = archive.entries().stream()
                .map(ZipEntry::name)
                .filter(name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.length() - PICKLE.length() - 1)
                .map(name -> name.substring(0, name.length() - PICKLE.length()))
                .toList();
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        if (folders.size() > 1) {
            throw new RefusedFileException(Reason.UNSUPPORTED, "This archive holds several PyTorch files, in "
                    + Quoted.of(String.join(", ", folders)) + ". Unpack it, and import the one that is wanted.");
        }
        var found = new TorchArchive(archive, folders.getFirst(), budget);
        found.checkStored();
        return Optional.of(found);
    }

    private void checkStored() {
        for (var entry : archive.entries()) {
            if (entry.compressed() && !entry.name().startsWith(folder + SCRIPT_CODE)) {
                archive.stored(entry);
            }
        }
    }

    /** Whether {@code torch.jit.save} wrote it. */
    public boolean isScript() {
        return archive.find(folder + SCRIPT_CONSTANTS).isPresent();
    }

    /** The byte order of its storages. */
    public ByteOrder order() {
        return order;
    }

    /** A short text that the writer left beside the pickle, such as {@code version}. */
    public Optional<String> fact(String name) {
        return archive.find(folder + name)
                .filter(entry -> entry.size() <= LONGEST_FACT)
                .map(entry -> archive.stored(entry).copy(0, (int) entry.size()))
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip());
    }

    /** The saved object, or the module tree of a TorchScript archive. */
    public Pickled root(AllowList allowed) {
        return pickle(PICKLE, "data/", allowed);
    }

    /** The tensors that the code of a TorchScript archive refers to, as a tuple. */
    public Pickled constants(AllowList allowed) {
        return pickle(SCRIPT_CONSTANTS, "constants/", allowed);
    }

    private Pickled pickle(String name, String storageFolder, AllowList allowed) {
        var storages = new LinkedHashMap<String, PickledStorage>();
        var unpickler = new Unpickler(allowed,
                storage -> bound(LegacyFile.remember(storages, storage), folder + storageFolder),
                (bytes, nested, nestedBudget) -> LegacyFile.read(bytes, nested, allowed, nestedBudget).root(), budget);
        return unpickler.load(new ByteCursor(archive.stored(entry(folder + name)), Quoted.of(folder + name)));
    }

    private PickledStorage bound(PickledStorage storage, String storageFolder) {
        if (!storage.isBound()) {
            storage.bind(archive.stored(entry(storageFolder + storage.key())), order);
        }
        return storage;
    }

    private ZipEntry entry(String name) {
        return archive.find(name).orElseThrow(() -> new RefusedFileException(Reason.MALFORMED,
                "The archive has no entry " + Quoted.of(name)
                        + ", which its pickle refers to. It is damaged; fetch it again."));
    }
}
