package org.atelier.chaos.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Setting;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreSettings;
import org.atelier.worker.job.Worker;
import org.atelier.worker.job.WorkerSettings;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.kafka.KafkaInbox;
import org.atelier.worker.job.metrics.Exposition;
import org.atelier.worker.job.time.SystemTiming;

/**
 * The negative control: a worker whose lease is off and for whom create-if-absent does not hold. A check that finds nothing
 * in a fleet of such workers proves nothing about others.
 */
public final class LawlessWorkerMain {
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(20);

    private LawlessWorkerMain() {}

    /** Runs until it is killed. */
    public static void main(String[] args) throws IOException {
        var configuration = Configuration.read(Stream.concat(WorkerSettings.PROCESS.stream(), ChaosWorkerMain.SETTINGS
                .stream()).<Setting<?>>map(setting -> setting).toList(), System.getenv());
        var settings = WorkerSettings.of(configuration, "lawless");
        var kafka = KafkaSettings.of(configuration);
        var equipment = ChaosWorkerMain.equipment(configuration);
        var timing = new SystemTiming();
        var clock = ChaosWorkerMain.clock(configuration);
        try (var store = new LawlessStore(new S3ObjectStore(StoreSettings.of(configuration), STORE_TIMEOUT));
                var events = new SilentPublisher(new KafkaEventPublisher(kafka, settings.name(), EventCodec.source(
                        "worker", settings.name()), clock))) {
            var worker = new Worker(settings, new WorkerIdentity(settings.name(), "localhost", equipment.environment()),
                    new Worker.Resources(new KafkaInbox(kafka, settings.pool(), settings.name(), timing), store, store,
                            events, equipment.runners()),
                    timing, clock, new Exposition());
            worker.start();
            worker.awaitEnd();
        }
    }
}
