package org.atelier.worker.checkpoint.published;

import java.util.List;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.checkpoint.value.Value;

/**
 * A file as it was published: what it is, where it comes from, and what it holds. Its numbers stay in the mapped file until
 * {@link org.atelier.worker.checkpoint.value.StoredTensor#toFloats} asks for them, tensor by tensor. There is nothing to
 * close.
 *
 * @param sha256            of the whole file
 * @param bytes             its size
 * @param container         its kind, with what it says about its writer
 * @param root              everything in it, as plain data: hyper-parameters, options of the training run
 * @param tensors           every tensor and numeric array, by its dotted name; at least one
 * @param persistentClasses classes of the NVlabs generators in it, by name: their sources differ between releases
 */
public record PublishedFile(Digest sha256, long bytes, Container container, Value root, TensorTable tensors,
        List<PersistentClass> persistentClasses) {
    public PublishedFile {
        persistentClasses = List.copyOf(persistentClasses);
    }

    /**
     * A class whose source text came with the file. The text was hashed and dropped.
     *
     * @param name   of the class, without a module
     * @param source SHA-256 of the text
     */
    public record PersistentClass(String name, Digest source) {}
}
