package org.atelier.worker.job;

import java.util.List;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.atelier.worker.job.edit.EditRunners;
import org.atelier.worker.tensor.DeviceMemory;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;

/** A worker that edits faces. */
public final class WorkerMain {
    /** How many bundles stay loaded. */
    public static final Setting<Integer> RESIDENT_BUNDLES = Setting.of("ATELIER_RESIDENT_BUNDLES", Parser.between(1,
            100),
            "2",
            "bundles whose networks stay on the device when no job uses them; more start jobs faster and take memory");
    /** What it computes with. */
    public static final List<Setting<?>> SETTINGS = Stream.concat(TensorSettings.LIST.stream(), Stream.of(
            RESIDENT_BUNDLES)).toList();

    private WorkerMain() {}

    /** Runs until it is told to leave. */
    public static void main(String[] args) {
        WorkerProcess.main(SETTINGS, WorkerMain::equipment);
    }

    private static Equipment equipment(Configuration configuration) {
        var engine = TensorEngine.start(TensorSettings.of(configuration));
        var bundles = new ResidentNetworks<>(bundle -> BundleNetworks.open(bundle.folder(), engine), configuration
                .get(RESIDENT_BUNDLES));
        return new Equipment(EditRunners.of(bundles), engine.environment(), DeviceMemory.of(engine.device()));
    }
}
