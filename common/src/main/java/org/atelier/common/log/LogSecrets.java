package org.atelier.common.log;

import java.util.List;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import org.slf4j.LoggerFactory;

/** Where the encoders of a process's log find what they have to hide. */
public final class LogSecrets {
    private static final String KEY = "org.atelier.secrets";

    private LogSecrets() {}

    /** From now on none of these values is in the log of this process; without, only what looks like a secret is hidden. */
    public static void hide(List<String> values) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            hide(context, values);
        }
    }

    static void hide(Context context, List<String> values) {
        context.putObject(KEY, new SecretMask(values));
    }

    static SecretMask mask(Context context) {
        return context.getObject(KEY) instanceof SecretMask mask ? mask : SecretMask.SHAPES;
    }
}
