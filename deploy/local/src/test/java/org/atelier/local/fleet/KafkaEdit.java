package org.atelier.local.fleet;

import java.time.Clock;

import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.kafka.KafkaJobs;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.ledger.Manifest;

/** What docs/api.md tells a service in Java to write that speaks Kafka only; {@code DocumentedCodeTest} compares them. */
final class KafkaEdit {
    private KafkaEdit() {}

    static Manifest run(KafkaSettings kafka) {
        // tag::kafka-edit[]
        try (var jobs = new KafkaJobs(kafka, "shop", Clock.systemUTC())) {
            var edit = OptimizeRequest.best("avatar-128", new Source.Seed(85), "a person with round glasses");
            return jobs.submit(new JobId("order-17"), JobSubmission.of(edit)).join();
        }
        // end::kafka-edit[]
    }
}
