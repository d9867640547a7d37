package org.atelier.worker.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
    @Test
    void theCpuHasWhatTheMachineOrTheContainerHas() {
        assertThat(DeviceMemory.of(Device.cpu())).hasValueSatisfying(bytes -> assertThat(bytes).isGreaterThan(Runtime
                .getRuntime().maxMemory() / 2));
    }

    @Test
    void whereNobodySaysItIsUnknown() {
        assertThat(DeviceMemory.of(Device.gpu(99))).isEmpty();
    }
}
