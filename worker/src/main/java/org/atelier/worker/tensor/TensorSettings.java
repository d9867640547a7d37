package org.atelier.worker.tensor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import ai.djl.Device;
import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * How a process computes.
 *
 * @param device  where arrays live
 * @param threads of one operation on the CPU
 * @param cache   folder that the engine's native libraries are unpacked into; empty: the engine's default, in the home
 *                folder
 */
public record TensorSettings(Device device, int threads, Optional<Path> cache) {
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

    /** Where arrays live. */
    public static final Setting<Device> DEVICE = Setting.of("ATELIER_DEVICE", TensorSettings::device, "cpu",
            "device that networks run on: cpu, cuda or cuda:N; CUDA needs the engine's CUDA library");
    /** Threads of one operation. */
    public static final Setting<Integer> THREADS = Setting.of("ATELIER_THREADS", Parser.between(0, 1024), "0",
            "CPU threads of one tensor operation, 0 for all cores; results are equal to the last bit only for equal counts");
    /** Folder for native libraries. */
    public static final Setting<Path> CACHE = Setting.optional("ATELIER_ENGINE_CACHE", Parser.PATH,
            "folder that the engine's native libraries are unpacked into once (400 MB); absent: .djl.ai in the home folder");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(DEVICE, THREADS, CACHE);

    public TensorSettings {
        threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Those of this process's environment: of tools that have no other settings. */
    public static TensorSettings ofEnvironment() {
        return of(Configuration.read(LIST, System.getenv()));
    }

    /** The same with another number of threads; 0 for all cores. */
    public TensorSettings withThreads(int other) {
        return new TensorSettings(device, other, cache);
    }

    /** Takes the engine's settings out of a process's. */
    public static TensorSettings of(Configuration configuration) {
        return new TensorSettings(configuration.get(DEVICE), configuration.get(THREADS), configuration.find(CACHE));
    }

    private static Device device(String text) {
        var cuda = CUDA.matcher(text);
        if (cuda.matches()) {
            return Device.gpu(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        if (text.equals("cpu")) {
            return Device.cpu();
        }
        throw new IllegalArgumentException("must be cpu, cuda or cuda:N");
    }
}
