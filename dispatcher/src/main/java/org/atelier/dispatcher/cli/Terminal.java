package org.atelier.dispatcher.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

import org.atelier.common.event.Message;

/**
 * Where progress goes: standard error, so that standard output is data alone.
 *
 * @param out     what to write to
 * @param columns width of the terminal; empty where it is none
 */
public record Terminal(PrintStream out, Optional<Integer> columns) {
    /** System property: width of the terminal. Set by the launcher, which can ask the system; the JDK cannot. */
    public static final String COLUMNS_PROPERTY = "atelier.columns";

    /** Standard error. */
    public static Terminal ofThisProcess() {
        return new Terminal(System.err, Optional.ofNullable(Integer.getInteger(COLUMNS_PROPERTY)));
    }

    /**
     * A live bar on a terminal, else a line now and then.
     *
     * @param title what the job is called in it
     */
    public WatchDisplay display(String title) {
        return columns.<WatchDisplay>map(width -> new BarDisplay(title, out, width))
                .orElseGet(() -> new LineDisplay(title, out));
    }

    /** Losses as people read them: {@code total 0.412 clip 0.398}. */
    static String losses(Message.Progress progress) {
        var text = new StringBuilder();
        new TreeMap<>(progress.losses()).forEach((name, value) -> text.append(String.format(Locale.ROOT, " %s %.4f",
                name,
                value)));
        return text.toString().strip();
    }
}
