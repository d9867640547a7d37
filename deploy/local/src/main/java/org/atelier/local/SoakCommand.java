package org.atelier.local;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;

import org.atelier.local.chaos.ChaosRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code soak}: fleets that are broken for a long time. */
@Command(name = "soak", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Breaks one fleet after the other, each with the next seed, and stops at the first job that is lost or ends twice.",
        "Faults come as they come, often before the fleet has recovered from the last."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:Nothing was lost and nothing ended twice.",
                "1:Something was or did; it is listed, and the fleet's folder stays.",
                "2:The command was written wrong.",
                "5:A process of a fleet could not be started; what it said last is printed.",
                "130:Stopped by Ctrl-C."})
final class SoakCommand implements Callable<Integer> {
    private static final int ROUND = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--minutes", description = "In all, in rounds of " + ROUND
            + " (default: ${DEFAULT-VALUE}).", defaultValue = "60")
    private int minutes = 60;

    @Mixin
    private ChaosFlags flags = new ChaosFlags();

    @Override
    public Integer call() throws Exception {
        int rounds = Math.max(1, minutes / ROUND);
        return flags.run(ChaosRun.Pace.CLOSE, Collections.nCopies(rounds, Duration.ofMinutes(minutes).dividedBy(
                rounds)), spec.commandLine().getOut());
    }
}
