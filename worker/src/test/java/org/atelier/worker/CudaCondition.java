package org.atelier.worker;

import ai.djl.util.cuda.CudaUtils;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips every test of the {@code cuda} profile, and says why, on a machine without a device. Only that profile finds it. */
public final class CudaCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        int devices = CudaUtils.getGpuCount();
        return devices > 0
                ? ConditionEvaluationResult.enabled(devices + " CUDA devices")
                : ConditionEvaluationResult.disabled("there is no CUDA device here: nothing was tried on one");
    }
}
