package org.atelier.dispatcher;

import java.time.Clock;
import java.util.List;

import org.atelier.common.config.Configuration;
import org.atelier.common.log.LogSecrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a dispatcher from the environment. */
public final class DispatcherMain {
    private static final int CANNOT_START = 1;
    private static final int DEFECT = 70;

    private static final Logger LOG = LoggerFactory.getLogger(DispatcherMain.class);

    private DispatcherMain() {}

    /** Runs until the process is told to stop. Exit status: 1 where it cannot start, 70 where a defect stopped it. */
    public static void main(String[] args) {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            LOG.error("a defect stopped the thread {}, and with it the dispatcher", thread.getName(), thrown);
            Runtime.getRuntime().halt(DEFECT);
        });
        try {
            var configuration = Configuration.read(DispatcherSettings.LIST, System.getenv());
            LogSecrets.hide(configuration.secrets());
            configuration.toString().lines().forEach(line -> LOG.info("setting {}", line.strip()));
            configuration.unknown().forEach(name -> LOG.warn("{} is no setting of the dispatcher and has no effect",
                    name));
            var dispatcher = new Dispatcher(DispatcherSettings.of(configuration), Clock.systemUTC(), System::nanoTime);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(dispatcher), "shutdown"));
        } catch (RuntimeException e) {
            LOG.debug("because of", e);
            List.of("the dispatcher cannot start:", String.valueOf(e.getMessage())).forEach(text -> text.lines()
                    .forEach(LOG::error));
            System.exit(CANNOT_START);
        }
    }

    private static void stop(Dispatcher dispatcher) {
        LOG.info("told to stop: nothing new is taken");
        dispatcher.close();
        LOG.info("stopped");
    }
}
