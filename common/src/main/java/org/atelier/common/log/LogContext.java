package org.atelier.common.log;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Says of everything that a thread logs meanwhile which job it is about; after it holds again what was said before. */
public final class LogContext {
    /** Key of the job's id in the diagnostic context. */
    public static final String JOB = "job";
    /** Key of the attempt's id, which has the job and its run in it. */
    public static final String ATTEMPT = "attempt";

    /** Key of the trace's id, as OpenTelemetry calls it. */
    public static final String TRACE = "trace_id";
    /** Key of the span's id, as OpenTelemetry calls it. */
    public static final String SPAN = "span_id";

    private LogContext() {}

    /** Works on a job. */
    public static void run(JobId job, Runnable work) {
        run(of(job), work);
    }

    /** Works on an attempt. */
    public static void run(AttemptId attempt, Runnable work) {
        run(of(attempt), work);
    }

    /** Works on a job; what the work gives. */
    public static <T> T call(JobId job, Supplier<T> work) {
        return call(of(job), work);
    }

    /** Works on an attempt; what the work gives. */
    public static <T> T call(AttemptId attempt, Supplier<T> work) {
        return call(of(attempt), work);
    }

    /** Works on a job within a span, if there is one; what the work gives. */
    public static <T> T call(JobId job, @Nullable TraceContext trace, Supplier<T> work) {
        return call(with(of(job), trace), work);
    }

    /** Works on an attempt within a span, if there is one; what the work gives. */
    public static <T> T call(AttemptId attempt, @Nullable TraceContext trace, Supplier<T> work) {
        return call(with(of(attempt), trace), work);
    }

    private static Map<String, String> with(Map<String, String> context, @Nullable TraceContext trace) {
        if (trace == null) {
            return context;
        }
        var both = new HashMap<>(context);
        both.put(TRACE, trace.traceId());
        both.put(SPAN, trace.spanId());
        return both;
    }

    private static Map<String, String> of(JobId job) {
        return Map.of(JOB, job.value());
    }

    private static Map<String, String> of(AttemptId attempt) {
        return Map.of(JOB, attempt.job().value(), ATTEMPT, attempt.toString());
    }

    private static void run(Map<String, String> context, Runnable work) {
        call(context, () -> {
            work.run();
            return context;
        });
    }

    private static <T> T call(Map<String, String> context, Supplier<T> work) {
        var before = new HashMap<String, String>();
        context.forEach((key, value) -> {
            before.put(key, MDC.get(key));
            MDC.put(key, value);
        });
        try {
            return work.get();
        } finally {
            before.forEach((key, value) -> {
                if (value == null) {
                    MDC.remove(key);
                } else {
                    MDC.put(key, value);
                }
            });
        }
    }
}
