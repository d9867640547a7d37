package org.atelier.dispatcher.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.atelier.common.event.Message;
import org.atelier.common.ledger.Outcome;
import org.jspecify.annotations.Nullable;

/** A live bar: steps, losses and the time that is left, as the worker expects it. */
final class BarDisplay implements WatchDisplay {
    private static final int REFRESH_MS = 100;
    private static final String LINE_START = "\r";

    private final String title;
    private final PrintStream out;
    private final int columns;
    private volatile @Nullable Double eta;
    private @Nullable ProgressBar bar;

    BarDisplay(String title, PrintStream out, int columns) {
        this.title = title;
        this.out = out;
        this.columns = columns;
    }

    @Override
    public void show(Message message) {
        switch (message) {
            case Message.AttemptProgressed progressed -> show(progressed.progress());
            case Message.AttemptFailed failed -> note(failed.failure().message());
            case Message.AttemptDeferred deferred -> note(deferred.reason());
            case Message.CancelRequested cancel -> note("cancel asked for by " + cancel.actor());
            case Message.RunEnded ended -> fill(ended.manifest().outcome());
            default -> {
                // The bar itself shows that a run waits and starts.
            }
        }
    }

    /** The first sign of life comes before the worker knows how many steps there are. */
    private void show(Message.Progress progress) {
        if (progress.steps() == 0) {
            return;
        }
        eta = progress.etaSeconds();
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(title)
                    .setInitialMax(progress.steps())
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(REFRESH_MS)
                    .continuousUpdate()
                    .setEtaFunction(state -> Optional.ofNullable(eta).map(left -> Duration.ofMillis(Math.round(
                            left * 1_000))))
                    .setConsumer(new DelegatingProgressBarConsumer(line -> out.print(LINE_START + line), columns - 1))
                    .build();
        }
        bar.maxHint(progress.steps());
        bar.stepTo(progress.step());
        bar.setExtraMessage(Terminal.losses(progress));
    }

    /** The last steps come with the end and not with a sign of life of their own. */
    private void fill(Outcome outcome) {
        if (bar != null && outcome == Outcome.SUCCEEDED) {
            eta = 0.0;
            bar.stepTo(bar.getMax());
        }
    }

    /** Stands above the bar. Written at once: the bar draws itself from another thread, and would come in between. */
    private void note(String text) {
        out.print(LINE_START + " ".repeat(columns - 1) + LINE_START + title + ": " + text + System.lineSeparator());
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            out.println();
        }
    }
}
