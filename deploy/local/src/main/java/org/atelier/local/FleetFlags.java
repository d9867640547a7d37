package org.atelier.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.atelier.local.fleet.FleetOptions;
import org.atelier.local.fleet.Installation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about a fleet on this machine. */
final class FleetFlags {
    @Option(names = "--bundle", paramLabel = "DIR", description = "Folder of the bundle to upload"
            + " (default: models/avatar-128 of this installation).")
    private @Nullable Path bundle;

    @Option(names = "--device", description = "What the worker computes on: cpu, cuda, cuda:1 ... (default: the worker's own"
            + " choice).")
    private @Nullable String device;

    Path bundle(Installation installation) {
        return Optional.ofNullable(bundle).orElseGet(() -> installation.home().resolve("models").resolve(
                "avatar-128"));
    }

    FleetOptions options(int http) {
        var worker = new LinkedHashMap<String, String>();
        Optional.ofNullable(device).ifPresent(name -> worker.put("ATELIER_DEVICE", name));
        return new FleetOptions(http, Map.of(), worker);
    }
}
