package org.atelier.worker.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.config.Configuration;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreSettings;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;

/** Store and device of this process, each made when a command first needs it. */
final class Surroundings {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Map<String, String> environment;
    private final Supplier<ObjectStore> stores;
    private Optional<TensorEngine> engine = Optional.empty();

    /**
     * What the environment says.
     *
     * @param environment settings of the device
     * @param stores      makes the store
     */
    Surroundings(Map<String, String> environment, Supplier<ObjectStore> stores) {
        this.environment = environment;
        this.stores = stores;
    }

    /** Store and device as the environment has them. */
    static Surroundings of(Map<String, String> environment) {
        return new Surroundings(environment, () -> new S3ObjectStore(StoreSettings.of(Configuration.read(
                StoreSettings.LIST, environment)), TIMEOUT));
    }

    /** The tensor engine; there is one in a process. */
    TensorEngine engine() {
        if (engine.isEmpty()) {
            engine = Optional.of(TensorEngine.start(TensorSettings.of(Configuration.read(TensorSettings.LIST,
                    environment))));
        }
        return engine.get();
    }

    /** The object store; close it. */
    ObjectStore store() {
        return stores.get();
    }

    /** Whether a bundle's name means a folder. */
    static boolean isFolder(String bundle) {
        return Files.exists(Path.of(bundle).resolve(BundleCard.FILE));
    }

    /** A folder that is gone when the command ends, unless the process is killed. */
    static Path scratch() throws IOException {
        return Files.createTempDirectory("atelier-models-");
    }
}
