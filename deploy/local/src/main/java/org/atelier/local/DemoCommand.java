package org.atelier.local;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.dispatcher.cli.ExitCode;
import org.atelier.dispatcher.cli.Terminal;
import org.atelier.local.demo.Demo;
import org.atelier.local.demo.DemoPlan;
import org.atelier.local.demo.Timeline;
import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalFleet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: a fleet, some edits, and what they look like. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Runs real text edits through a whole fleet on this machine and shows what they look like.",
        "Starts broker, store, dispatcher and worker, and leaves none of them behind."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:Every edit succeeded.",
                "1:An edit failed; the others are in the output folder.",
                "2:The command was written wrong.",
                "5:A process of the fleet ended, or could not be started; what it said last is printed.",
                "130:Stopped by Ctrl-C."})
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--out", paramLabel = "DIR", defaultValue = "demo-out", description = "Folder for contact sheet, pictures"
            + " and summary.json (default: ./${DEFAULT-VALUE}).")
    private Path out = Path.of("demo-out");

    @Option(names = "--data", paramLabel = "DIR", description = "Folder for everything the fleet keeps (default: a temporary"
            + " one that is removed at the end).")
    private @Nullable Path data;

    @Option(names = "--steps", description = "Optimisation steps of each edit (default: those of the bundle's presets).")
    private @Nullable Integer steps;

    @Mixin
    private FleetFlags flags = new FleetFlags();

    @Override
    public Integer call() throws Exception {
        var terminal = Terminal.ofThisProcess();
        var start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        var timeline = new Timeline(Clock.systemUTC(), start, terminal.out());
        var installation = Installation.ofThisProcess();
        try (var fleet = open(installation)) {
            return fleet.run(() -> {
                terminal.out().println("Starting broker, store, dispatcher and worker.");
                fleet.addWorker("worker");
                var bundle = fleet.start(flags.bundle(installation));
                timeline.mark("fleet_ready", "the fleet takes jobs");
                try (var client = new DispatcherClient(fleet.dispatcher().url())) {
                    var plan = DemoPlan.of(bundle, steps == null ? OptionalInt.empty() : OptionalInt.of(steps));
                    return new Demo(client, out, terminal, timeline).run(plan)
                            ? ExitCode.OK
                            : ExitCode.JOB_NOT_SUCCEEDED;
                }
            });
        }
    }

    private LocalFleet open(Installation installation) {
        var options = flags.options(0);
        return data == null
                ? LocalFleet.openTemporary(installation, options)
                : LocalFleet.open(installation, data, options);
    }
}
