package org.atelier.dispatcher.cli;

import java.io.PrintStream;
import java.util.Locale;

import org.atelier.common.event.Message;

/** A line whenever something happens, and for progress one each tenth of the way: for logs and pipes. */
final class LineDisplay implements WatchDisplay {
    private static final int TENTHS = 10;

    private final String title;
    private final PrintStream out;
    private int shownTenths = -1;

    LineDisplay(String title, PrintStream out) {
        this.title = title;
        this.out = out;
    }

    @Override
    public void show(Message message) {
        switch (message) {
            case Message.RunQueued queued -> line("queued");
            case Message.AttemptStarted started -> line("runs on " + started.worker());
            case Message.AttemptProgressed progressed -> show(progressed.progress());
            case Message.AttemptFailed failed -> line("attempt " + failed.attempt().attempt() + " failed: "
                    + failed.failure().message());
            case Message.AttemptDeferred deferred -> line("deferred: " + deferred.reason());
            case Message.CancelRequested cancel -> line("cancel asked for by " + cancel.actor());
            case Message.RunEnded ended -> line(ended.manifest().outcome().name().toLowerCase(Locale.ROOT));
            default -> {
                // Nothing that a caller waits for.
            }
        }
    }

    /** The first sign of life comes before the worker knows how many steps there are. */
    private void show(Message.Progress progress) {
        if (progress.steps() == 0) {
            return;
        }
        int tenths = progress.step() * TENTHS / progress.steps();
        if (tenths != shownTenths) {
            shownTenths = tenths;
            var eta = progress.etaSeconds() == null
                    ? ""
                    : String.format(Locale.ROOT, ", about %.0f s left", progress.etaSeconds());
            line(progress.step() + "/" + progress.steps() + " " + Terminal.losses(progress) + eta);
        }
    }

    private void line(String text) {
        out.println(title + ": " + text);
    }

    @Override
    public void close() {
        out.flush();
    }
}
