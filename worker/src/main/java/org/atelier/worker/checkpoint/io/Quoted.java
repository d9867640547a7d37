package org.atelier.worker.checkpoint.io;

/** Texts from a file, fit for a message: a file must not forge log lines, nor fill them. */
public final class Quoted {
    private static final int LONGEST = 120;

    private Quoted() {}

    /** The start of a text, with a question mark for every character that is not plainly printed. */
    public static String of(String text) {
        var start = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return start.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
