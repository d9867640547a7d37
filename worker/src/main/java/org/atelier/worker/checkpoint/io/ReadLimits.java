package org.atelier.worker.checkpoint.io;

/**
 * What a file may ask of the reader. Every published file stays far below {@link #DEFAULT}; a hostile one meets a limit
 * before it meets the end of the memory. What depends on the size of the file, such as the bytes of a tensor, needs no
 * limit: it is checked against the bytes that are there.
 *
 * @param nesting          containers within containers, of a pickle; also bounds every recursion over the value tree
 * @param instructions     instructions of a file's pickles, all together, those of nested files each time they are read
 * @param values           values that a file's pickles make or refer to, all together
 * @param memo             entries of one pickle's memo
 * @param textBytes        bytes of text and of names in a file's pickles, all together
 * @param nestedFiles      files within files: a storage of an NVlabs pickle is a legacy file of its own
 * @param expandedElements elements of a tensor that has more elements than its storage (expanded or overlapping views)
 * @param names            names in a table of tensors: shared objects appear under each of their names
 * @param archiveEntries   entries of a zip archive
 * @param inflatedBytes    bytes that a compressed entry may inflate to when it inflates more than {@code inflation} times
 * @param inflation        ratio above which {@code inflatedBytes} applies; weights hardly compress at all
 */
public record ReadLimits(int nesting, int instructions, int values, int memo, long textBytes, int nestedFiles,
        long expandedElements,
        int names, int archiveEntries, long inflatedBytes, int inflation) {
    /** For published files. */
    public static final ReadLimits DEFAULT = new ReadLimits(200, 10_000_000, 1_000_000, 1_000_000, 32L << 20, 2,
            1L << 24, 200_000,
            100_000, 64L << 20, 20);
}
