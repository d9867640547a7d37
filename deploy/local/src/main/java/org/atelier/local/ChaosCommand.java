package org.atelier.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import org.atelier.local.chaos.ChaosRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chaos}: a fleet that is broken on purpose, and what came of its jobs. */
@Command(name = "chaos", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Runs a fleet on this machine, breaks it again and again, and says whether every job ended exactly once.",
        "Broker, store, dispatcher and workers are the product's; the device is a wait.",
        "Faults come one by one, so that the time to recover from each is known."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:Nothing was lost and nothing ended twice.",
                "1:Something was or did; it is listed, and the fleet's folder stays.",
                "2:The command was written wrong.",
                "5:A process of the fleet could not be started; what it said last is printed.",
                "130:Stopped by Ctrl-C."})
final class ChaosCommand implements Callable<Integer> {
    private static final double SECONDS = 60;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--minutes", description = "How long it is broken; then the rest of the jobs may end (default: ${DEFAULT-VALUE}).", defaultValue = "5")
    private double minutes = 5;

    @Mixin
    private ChaosFlags flags = new ChaosFlags();

    @Override
    public Integer call() throws Exception {
        return flags.run(ChaosRun.Pace.APART, List.of(Duration.ofSeconds(Math.round(minutes * SECONDS))), spec
                .commandLine().getOut());
    }
}
