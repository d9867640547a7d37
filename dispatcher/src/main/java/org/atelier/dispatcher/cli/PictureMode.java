package org.atelier.dispatcher.cli;

import java.util.Locale;

/** How pictures are shown in a terminal. */
enum PictureMode {
    /** As this terminal can; not at all where there is none. */
    AUTO,
    /** By the graphics protocol of kitty, which Ghostty, WezTerm, Konsole and iTerm2 know too. */
    KITTY,
    /** By sixels, as foot, mlterm, xterm and Windows Terminal know them. */
    SIXEL,
    /** By coloured half blocks, which every terminal with colours shows. */
    BLOCKS,
    /** Not at all. */
    NONE;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
