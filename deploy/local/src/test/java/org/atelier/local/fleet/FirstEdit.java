package org.atelier.local.fleet;

import java.net.URI;
import java.nio.file.Path;

import org.atelier.common.client.AtelierClient;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;

/** What the README tells a service in Java to write; {@code DocumentedCodeTest} compares them. */
final class FirstEdit {
    private FirstEdit() {}

    static void run(URI url, Path file) throws InterruptedException {
        // tag::first-edit[]
        try (var atelier = AtelierClient.at(url)) {
            var edit = OptimizeRequest.best("avatar-128", new Source.Seed(85), "a person with round glasses");
            var job = atelier.submit(edit);
            var result = job.await(message -> System.out.println(message));
            result.save("after.png", file);
        }
        // end::first-edit[]
    }
}
