package org.atelier.worker.models;

import java.util.List;
import java.util.SortedMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.worker.checkpoint.TensorContent;

/**
 * A network as it is going to stand in a bundle.
 *
 * @param part         of the bundle
 * @param architecture that builds it
 * @param config       hyper-parameters, inferred, with the origin
 * @param tensors      by the names that the architecture takes
 * @param dropped      tensors of the file that it does not need
 * @param unexpected   tensors of the file that its layout does not have
 */
record ConvertedNetwork(
        String part,
        String architecture,
        ObjectNode config,
        SortedMap<String, TensorContent> tensors,
        List<String> dropped,
        List<String> unexpected) {
    /** The same as another part of the bundle. */
    ConvertedNetwork as(String other) {
        return new ConvertedNetwork(other, architecture, config, tensors, dropped, unexpected);
    }

    /** Name of its file in a bundle. */
    String fileName() {
        return part + ".safetensors";
    }
}
