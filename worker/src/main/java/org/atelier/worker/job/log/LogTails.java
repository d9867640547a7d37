package org.atelier.worker.job.log;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.atelier.common.job.AttemptId;
import org.atelier.common.log.LogContext;
import org.atelier.common.log.SecretMask;
import org.atelier.worker.job.attempt.AttemptLogs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the log of this process, and keeps the last lines of each attempt: of those that were logged by threads which
 * carry its name. Bounded in lines and in their lengths. Values that must not be seen are taken out, whoever logged them.
 *
 * <p>Safe for use by several threads.
 */
public final class LogTails extends AppenderBase<ILoggingEvent> implements AttemptLogs {
    /** Attempts whose lines are kept; more than a worker has slots. */
    static final int ATTEMPTS = 256;
    /** Lines that are kept of an attempt. */
    static final int LINES = 60;
    /** Longest line, in characters. */
    static final int LENGTH = 400;
    /** Lines of a stack trace that are kept: what was thrown, and where. */
    static final int TRACE = 12;

    private final SecretMask secrets;
    /** The oldest give way: what is logged for an attempt after its end would stay for ever. Guarded by this map. */
    private final Map<String, Tail> tails = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tail> eldest) {
            return size() > ATTEMPTS;
        }
    };

    private static final class Tail {
        private final Deque<String> lines = new ArrayDeque<>();
        private boolean fresh;
    }

    /** @param secrets values that no line may show */
    public LogTails(List<String> secrets) {
        this.secrets = new SecretMask(secrets);
    }

    /** Listens from now on, to every logger of the process. */
    public static LogTails listening(List<String> secrets) {
        var tails = new LogTails(secrets);
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        tails.setContext(context);
        tails.setName("last lines of attempts");
        tails.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(tails);
        return tails;
    }

    @Override
    protected void append(ILoggingEvent event) {
        var attempt = event.getMDCPropertyMap().get(LogContext.ATTEMPT);
        if (attempt == null) {
            return;
        }
        synchronized (tails) {
            var tail = tails.computeIfAbsent(attempt, key -> new Tail());
            add(tail, event.getInstant() + " " + event.getLevel() + " " + event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                Arrays.stream(ThrowableProxyUtil.asString(event.getThrowableProxy()).split("\\R"))
                        .limit(TRACE)
                        .forEach(line -> add(tail, "    " + line.strip()));
            }
        }
    }

    private void add(Tail tail, String text) {
        var line = text.replaceAll("\\s*\\R\\s*", " | ");
        line = secrets.mask(line);
        tail.lines.addLast(line.length() <= LENGTH ? line : line.substring(0, LENGTH) + "...");
        if (tail.lines.size() > LINES) {
            tail.lines.removeFirst();
        }
        tail.fresh = true;
    }

    @Override
    public Optional<String> fresh(AttemptId attempt) {
        synchronized (tails) {
            var tail = tails.get(attempt.toString());
            if (tail == null || !tail.fresh) {
                return Optional.empty();
            }
            tail.fresh = false;
            return Optional.of(String.join("\n", tail.lines) + "\n");
        }
    }

    @Override
    public void forget(AttemptId attempt) {
        synchronized (tails) {
            tails.remove(attempt.toString());
        }
    }
}
