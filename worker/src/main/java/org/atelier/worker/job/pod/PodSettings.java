package org.atelier.worker.job.pod;

import java.util.List;
import java.util.Optional;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * What a worker says of its pod.
 *
 * @param deletionCost whether it says that it is busy
 * @param name         of the pod; empty: as its host is called
 */
public record PodSettings(boolean deletionCost, Optional<String> name) {
    /** Whether it says that it is busy. */
    public static final Setting<Boolean> DELETION_COST = Setting.of("ATELIER_POD_DELETION_COST", Parser.BOOLEAN,
            "false",
            "whether this worker says at its pod that it is busy (controller.kubernetes.io/pod-deletion-cost), so"
                    + " that a scale-in takes idle ones first; needs the right to patch pods");
    /** Name. */
    public static final Setting<String> NAME = Setting.optional("ATELIER_POD_NAME",
            Parser.STRING.where(name -> name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?"), "the name of a pod"),
            "name of the pod; absent: that of the host");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(DELETION_COST, NAME);

    /** Takes these settings out of a process's. */
    public static PodSettings of(Configuration configuration) {
        return new PodSettings(configuration.get(DELETION_COST), configuration.find(NAME));
    }
}
