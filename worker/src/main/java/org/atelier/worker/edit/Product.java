package org.atelier.worker.edit;

/**
 * A file that an edit makes.
 *
 * @param name      for people, unique within the job
 * @param mediaType see {@link org.atelier.common.artifact.Artifact}
 * @param bytes     its content
 */
public record Product(String name, String mediaType, byte[] bytes) {}
