package org.atelier.worker.tensor;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensor library of this process, on its device. There is one; start it once and hand it on. */
public final class TensorEngine {
    /** Precision of CPU convolutions, read by oneDNN when it is loaded: {@code BF16} is faster and coarser. */
    static final String PRECISION_VARIABLE = "ONEDNN_DEFAULT_FPMATH_MODE";

    /** Set to 0 it keeps the C library from giving large blocks back to the system after every operation. */
    static final String ALLOCATOR_VARIABLE = "MALLOC_MMAP_MAX_";

    private static final Logger LOG = LoggerFactory.getLogger(TensorEngine.class);

    private final Engine engine;

    private final TensorSettings settings;

    private final Lock gradientTurn = new ReentrantLock(true);

    private TensorEngine(Engine engine, TensorSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    /**
     * Loads the native library (seconds when it is unpacked for the first time) and checks the device.
     *
     * @throws IllegalStateException if the library does not load or has no such device; the message says what to do
     */
    public static TensorEngine start(TensorSettings settings) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        settings.cache().ifPresent(folder -> System.setProperty("ENGINE_CACHE_DIR", folder.toString()));
        try {
            var engine = Engine.getEngine("PyTorch");
            JniUtils.setNumThreads(settings.threads());
            var started = new TensorEngine(engine, settings);
            started.checkDevice();
            LOG.info("tensor engine: {}", started.environment());
            started.warnOfSlowAllocator();
            return started;
        } catch (EngineException e) {
            throw new IllegalStateException("The tensor engine does not start (" + e.getMessage()
                    + "). Is its native library for this platform on the class path?", e);
        }
    }

    private void checkDevice() {
        var device = device();
        if (device.isGpu() && device.getDeviceId() >= engine.getGpuCount()) {
            throw new IllegalStateException("There is no device " + device + ": the engine sees " + engine
                    .getGpuCount() + " CUDA devices. Is its CUDA library on the class path?");
        }
    }

    private void warnOfSlowAllocator() {
        boolean glibc = System.getProperty("os.name").equals("Linux");
        if (glibc && !device().isGpu() && System.getenv(ALLOCATOR_VARIABLE) == null) {
            LOG.warn("{} is not set: pictures of 512 pixels and more take up to twice the time (worker/DESIGN.md)",
                    ALLOCATOR_VARIABLE);
        }
    }

    /** Where arrays live. */
    public Device device() {
        return settings.device();
    }

    /** A manager for arrays that live long, such as weights; close it to free them. */
    public NDManager newManager() {
        return engine.newBaseManager(device());
    }

    /** Starts recording for one backward pass; waits while another thread records. */
    public GradientTape record() {
        return new GradientTape(engine, gradientTurn);
    }

    /** How many arrays of this process are alive in native memory: what a leak makes grow. */
    public int liveArrays() {
        try (var manager = newManager()) {
            return manager.getParentManager().getManagedArrays().size();
        }
    }

    /** What results depend on beside request and weights; a manifest records it. */
    public Map<String, String> environment() {
        var environment = new TreeMap<String, String>();
        environment.put("engine", engine.getEngineName() + " " + engine.getVersion());
        environment.put("device", device().toString());
        environment.put("threads", Integer.toString(JniUtils.getNumThreads()));
        environment.put("precision", System.getenv().getOrDefault(PRECISION_VARIABLE, "STRICT"));
        environment.put("platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return environment;
    }
}
