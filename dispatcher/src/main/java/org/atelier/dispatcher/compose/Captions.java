package org.atelier.dispatcher.compose;

import org.atelier.common.job.SheetRequest;

/** Words on sheets. */
final class Captions {
    private static final String CUT = "...";

    private Captions() {}

    /** As much of a text as a sheet takes. */
    static String cut(String text) {
        return text.length() <= SheetRequest.MAX_CAPTION
                ? text
                : text.substring(0, SheetRequest.MAX_CAPTION - CUT.length()) + CUT;
    }
}
