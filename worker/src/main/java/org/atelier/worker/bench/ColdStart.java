package org.atelier.worker.bench;

import java.nio.file.Path;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;

/** What a worker does before its first job, as a process of its own: engine, files checked, networks on the device. */
final class ColdStart {
    /** Printed when the networks are there. */
    static final String READY = "networks are resident";

    private ColdStart() {}

    /** @param args folder of the bundle */
    public static void main(String[] args) {
        var folder = Path.of(args[0]);
        var engine = TensorEngine.start(TensorSettings.ofEnvironment());
        try (var networks = BundleNetworks.open(folder, engine)) {
            networks.card().files().forEach((file, sha256) -> {
                if (!Digest.of(folder.resolve(file)).equals(new Digest(sha256))) {
                    throw new IllegalStateException(file + " has not the digest of its card");
                }
            });
            networks.generator();
            networks.clip();
            System.out.println(READY + " " + ProcessHandle.current().pid());
        }
    }
}
