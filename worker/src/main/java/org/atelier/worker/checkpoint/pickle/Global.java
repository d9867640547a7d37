package org.atelier.worker.checkpoint.pickle;

import java.util.List;

/**
 * The functions and classes that a pickle may name, and what is made of them here. They are never looked up anywhere: each
 * stands for a few lines of {@link Reductions}. The list is closed by what published checkpoints hold.
 */
enum Global {
    /** A dictionary that keeps its order. */
    ORDERED_DICT("collections.OrderedDict"),
    /** A set, as protocols before 4 write it. */
    SET("builtins.set", "__builtin__.set"),
    /** Options of a training run. */
    NAMESPACE("argparse.Namespace"),
    /** A path; becomes a text. Python 3.13 moved the classes. */
    PATH("pathlib.PosixPath", "pathlib.WindowsPath", "pathlib._local.PosixPath", "pathlib._local.WindowsPath"),
    /** Bytes, as protocol 2 writes them: a text and the name of an encoding. */
    ENCODE("_codecs.encode"),

    /** A tensor: storage, offset, size, stride. */
    REBUILD_TENSOR("torch._utils._rebuild_tensor"),
    /** The same, then whether it trains, its hooks, its metadata. */
    REBUILD_TENSOR_V2("torch._utils._rebuild_tensor_v2"),
    /** A parameter: tensor, whether it trains, hooks. */
    REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
    /** The same with attributes of its own. */
    REBUILD_PARAMETER_WITH_STATE("torch._utils._rebuild_parameter_with_state"),
    /** The class of parameters, called with a tensor. */
    PARAMETER("torch.nn.parameter.Parameter"),
    /** A file within the file: how a storage is pickled outside of {@code torch.save}. */
    LOAD_FROM_BYTES("torch.storage._load_from_bytes"),
    /** The shape of a tensor. */
    SIZE("torch.Size"),
    /** A device; becomes a symbol. */
    DEVICE("torch.device"),

    /** An object of the NVlabs generators, with the source of its class. */
    PERSISTENT_OBJECT("torch_utils.persistence._reconstruct_persistent_obj"),
    /** A dictionary of the NVlabs generators. */
    EASY_DICT("dnnlib.util.EasyDict"),

    /** An empty array, to be filled by BUILD. */
    ARRAY("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"),
    /** A NumPy number. */
    SCALAR("numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"),
    /** The class of arrays: an argument of {@link #ARRAY}. */
    NDARRAY("numpy.ndarray"),
    /** An element type. */
    DTYPE("numpy.dtype"),

    /** TorchScript: a value and the name of its type. */
    SCRIPT_TYPE_TAG(true, "torch.jit._pickle.restore_type_tag"),
    /** TorchScript: a list of one type. */
    SCRIPT_LIST(true, "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist",
            "torch.jit._pickle.build_boollist", "torch.jit._pickle.build_tensorlist"),

    /** The class of a storage, such as {@code torch.FloatStorage}: an argument of a persistent id. */
    STORAGE,
    /** A constant such as {@code torch.float32}. */
    CONSTANT,
    /** A module of a TorchScript archive. */
    SCRIPT_CLASS,
    /** A class that the caller allowed by name, to be recorded. */
    RECORDED_CLASS;

    private final boolean script;
    private final List<String> names;

    Global(String... names) {
        this(false, names);
    }

    Global(boolean script, String... names) {
        this.script = script;
        this.names = List.of(names);
    }

    /** Its qualified names; none for the families, which go by pattern. */
    List<String> names() {
        return names;
    }

    /** Whether only a TorchScript archive may name it. */
    boolean script() {
        return script;
    }
}
