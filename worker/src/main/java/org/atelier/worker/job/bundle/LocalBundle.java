package org.atelier.worker.job.bundle;

import java.nio.file.Path;

import org.atelier.common.bundle.BundleCard;

/**
 * A bundle version on the local disk.
 *
 * @param card   what it consists of
 * @param folder with the card as {@code bundle.json} and every file that the card names, whole and checked; read only
 */
public record LocalBundle(BundleCard card, Path folder) {}
