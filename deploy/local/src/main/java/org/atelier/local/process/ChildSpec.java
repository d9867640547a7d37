package org.atelier.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How to start a child process.
 *
 * @param name        what people call it in messages
 * @param command     program and arguments
 * @param environment variables that it gets on top of this process's
 * @param withheld    prefixes of variables of this process that it does not get
 * @param log         file that its output is appended to
 * @param grace       how long a stop may take before it is forced
 */
public record ChildSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Set<String> withheld,
        Path log,
        Duration grace) {
    public ChildSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        withheld = Set.copyOf(withheld);
    }
}
