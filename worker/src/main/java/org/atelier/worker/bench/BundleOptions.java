package org.atelier.worker.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;
import picocli.CommandLine.Option;

/** Which networks a benchmark runs, and on how many threads. */
final class BundleOptions {
    @Option(names = "--bundle", defaultValue = "models/avatar-128", paramLabel = "DIR", description = "Folder of a bundle (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("models/avatar-128");

    @Option(names = "--threads", defaultValue = "0", description = "CPU threads of one operation, 0 for all cores.")
    private int threads;

    Path folder() {
        return bundle;
    }

    TensorEngine engine() {
        return TensorEngine.start(TensorSettings.ofEnvironment().withThreads(threads));
    }

    /** The bundle's networks; the caller closes them. */
    BundleNetworks open(TensorEngine engine) throws IOException {
        return BundleNetworks.open(bundle, engine);
    }
}
