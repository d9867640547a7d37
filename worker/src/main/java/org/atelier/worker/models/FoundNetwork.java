package org.atelier.worker.models;

import org.atelier.worker.checkpoint.published.PublishedFile;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.checkpoint.value.Value;

/**
 * A network that was found in a published file.
 *
 * @param kind     what it is
 * @param fileName of the file, for messages and as origin
 * @param file     that it lies in
 * @param place    name of its part of the file, such as {@code g_ema}; empty: all of it
 * @param tensors  its tensors, under their published names
 * @param values   its other values: hyper-parameters of an NVlabs object, options of a training run
 */
record FoundNetwork(Kind kind, String fileName, PublishedFile file, String place, TensorTable tensors, Value values) {
    @Override
    public String toString() {
        return kind.title() + " in " + fileName + (place.isEmpty() ? "" : ", at " + place);
    }
}
