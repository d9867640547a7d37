package org.atelier.worker.checkpoint.pickle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.atelier.worker.checkpoint.value.StoredType;

/** Which names a pickle may mention: those of {@link Global}, and what the container and the caller add. */
public final class AllowList {
    private static final String SCRIPT_PREFIX = "__torch__.";

    private static final Map<String, StoredType> STORAGES = Map.ofEntries(
            Map.entry("torch.FloatStorage", StoredType.FLOAT32),
            Map.entry("torch.DoubleStorage", StoredType.FLOAT64),
            Map.entry("torch.HalfStorage", StoredType.FLOAT16),
            Map.entry("torch.BFloat16Storage", StoredType.BFLOAT16),
            Map.entry("torch.LongStorage", StoredType.INT64),
            Map.entry("torch.IntStorage", StoredType.INT32),
            Map.entry("torch.ShortStorage", StoredType.INT16),
            Map.entry("torch.CharStorage", StoredType.INT8),
            Map.entry("torch.ByteStorage", StoredType.UINT8),
            Map.entry("torch.BoolStorage", StoredType.BOOL),
            Map.entry("torch.storage.UntypedStorage", StoredType.UINT8));

    /** Element types by the names that PyTorch has for them; and the class of storages with a type of their own. */
    private static final Set<String> CONSTANTS = Set.of("torch.float", "torch.double", "torch.half", "torch.long",
            "torch.int", "torch.short", "torch.storage.TypedStorage");

    private final Map<String, Global> known = new HashMap<>();
    private final Set<String> recorded;
    private final boolean script;

    private AllowList(Set<String> recorded, boolean script) {
        this.recorded = recorded;
        this.script = script;
        for (var global : Global.values()) {
            if (script || !global.script()) {
                global.names().forEach(name -> known.put(name, global));
            }
        }
    }

    /**
     * For files of {@code torch.save}, {@code pickle} and NumPy.
     *
     * @param recorded qualified names of classes whose objects are to be recorded as
     *                 {@link org.atelier.worker.checkpoint.value.Value.Instance}: a caller that expects a file of a whole
     *                 pickled module names its classes here
     */
    public static AllowList published(Set<String> recorded) {
        return new AllowList(recorded, false);
    }

    /** For TorchScript archives, whose modules are classes named {@code __torch__....}. */
    public static AllowList script() {
        return new AllowList(Set.of(), true);
    }

    /** What a name stands for; empty if it is not allowed. */
    Optional<Name> find(String name) {
        var global = known.get(name);
        if (global != null) {
            return Optional.of(new Name(global, name));
        }
        if (STORAGES.containsKey(name)) {
            return Optional.of(new Name(Global.STORAGE, name));
        }
        if (isConstant(name)) {
            return Optional.of(new Name(Global.CONSTANT, name));
        }
        if (script && name.startsWith(SCRIPT_PREFIX)) {
            return Optional.of(new Name(Global.SCRIPT_CLASS, name));
        }
        return recorded.contains(name) ? Optional.of(new Name(Global.RECORDED_CLASS, name)) : Optional.empty();
    }

    private static boolean isConstant(String name) {
        return CONSTANTS.contains(name)
                || Arrays.stream(StoredType.values()).anyMatch(type -> name.equals("torch." + type.label()));
    }

    /**
     * An allowed name.
     *
     * @param global what it stands for
     * @param name   as the file has it
     */
    record Name(Global global, String name) implements Node {
        /** The element type, of a class of storages that has one. */
        Optional<StoredType> storageType() {
            return Optional.ofNullable(STORAGES.get(name));
        }
    }
}
