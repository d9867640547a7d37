package org.atelier.worker.checkpoint.published;

import java.nio.ByteOrder;
import java.util.Map;

import org.atelier.worker.checkpoint.value.TensorTable;

/** The container of a file, found out by its content, with what it says about its writer. */
public sealed interface Container {
    /**
     * {@code torch.save} of PyTorch 1.6 or later.
     *
     * @param version of the archive format, as the writer put it; empty if it left it out
     * @param order   byte order of the numbers
     */
    record TorchZip(String version, ByteOrder order) implements Container {}

    /**
     * {@code torch.save} before PyTorch 1.6.
     *
     * @param protocol of its pickles
     * @param order    byte order of the numbers
     */
    record TorchLegacy(int protocol, ByteOrder order) implements Container {}

    /**
     * {@code torch.jit.save}: of the program only the weights are read.
     *
     * @param rootClass name of the outermost module's class
     * @param constants tensors that the code refers to, by their number; they are no part of the state dict
     */
    record TorchScript(String rootClass, TensorTable constants) implements Container {}

    /**
     * A pickle of the NVlabs generators, with {@code torch_utils.persistence} objects.
     *
     * @param protocol it was written with
     */
    record NvlabsPickle(int protocol) implements Container {}

    /**
     * Any other pickle: lists and dictionaries of arrays.
     *
     * @param protocol it was written with
     */
    record PlainPickle(int protocol) implements Container {}

    /**
     * {@code np.save}.
     *
     * @param version of the format
     */
    record Npy(int version) implements Container {}

    /**
     * {@code np.savez} and {@code np.savez_compressed}.
     *
     * @param compressed whether an array is
     */
    record Npz(boolean compressed) implements Container {}

    /**
     * safetensors.
     *
     * @param metadata texts that its writer added
     */
    record Safetensors(Map<String, String> metadata) implements Container {}
}
