package org.atelier.worker.tensor;

import java.lang.management.ManagementFactory;
import java.util.Optional;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much memory arrays can have on a device. */
public final class DeviceMemory {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceMemory.class);

    private DeviceMemory() {}

    /**
     * All that the device has, whoever uses it; on the CPU all that the machine has, or the container may take. Empty where
     * nobody says.
     *
     * @return bytes
     */
    public static Optional<Long> of(Device device) {
        return (device.isGpu() ? ofCuda(device) : ofMachine()).filter(bytes -> bytes > 0);
    }

    private static Optional<Long> ofCuda(Device device) {
        try {
            return Optional.of(CudaUtils.getGpuMemory(device).getMax());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("the memory of {} cannot be asked for, so jobs are taken whatever they need: {}", device, e
                    .toString());
            return Optional.empty();
        }
    }

    private static Optional<Long> ofMachine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? Optional.of(machine.getTotalMemorySize())
                : Optional.empty();
    }
}
