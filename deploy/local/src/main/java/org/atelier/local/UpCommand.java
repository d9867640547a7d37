package org.atelier.local;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.atelier.dispatcher.cli.ExitCode;
import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalFleet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: a fleet that runs until it is stopped. */
@Command(name = "up", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Runs a fleet on this machine until Ctrl-C: broker, store, dispatcher and worker.",
        "Data and addresses are kept and serve the next start."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "2:The command was written wrong.",
                "5:A process of the fleet ended, or could not be started; what it said last is printed.",
                "130:Stopped by Ctrl-C."})
final class UpCommand implements Callable<Integer> {
    /** Where the other commands look for a dispatcher unless they are told otherwise. */
    private static final int USUAL_HTTP = 8080;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", paramLabel = "DIR", defaultValue = ".atelier", description = "Folder for everything the fleet"
            + " keeps (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".atelier");

    @Mixin
    private FleetFlags flags = new FleetFlags();

    @Override
    public Integer call() throws Exception {
        var installation = Installation.ofThisProcess();
        try (var fleet = LocalFleet.open(installation, data, flags.options(USUAL_HTTP))) {
            fleet.run(() -> {
                var out = spec.commandLine().getOut();
                out.println("Starting; this takes some seconds.");
                out.flush();
                fleet.addWorker("worker");
                var bundle = fleet.start(flags.bundle(installation));
                tell(out, fleet, bundle.reference());
                new CountDownLatch(1).await();
                return null;
            });
        }
        return ExitCode.OK;
    }

    private static void tell(PrintWriter out, LocalFleet fleet, String bundle) {
        var url = fleet.dispatcher().url();
        var store = fleet.store().settings();
        out.println();
        out.println("Atelier is up. Ctrl-C stops it; its data stays.");
        out.println("  console " + url + "/");
        out.println("  API     " + url);
        out.println("  Kafka   " + fleet.broker().settings().bootstrapServers());
        out.println("  store   " + store.endpoint() + ", bucket " + store.bucket() + ", access key "
                + store.accessKey().reveal() + ", secret key in " + fleet.folder().resolve("local.json"));
        out.println("  data    " + fleet.folder() + ", logs in " + fleet.folder().resolve("logs"));
        out.println("  bundle  " + bundle);
        out.println();
        out.println("In another terminal:");
        if (url.getPort() != USUAL_HTTP) {
            out.println("  export ATELIER_URL=" + url);
        }
        out.println("  ./atelier submit optimize --bundle " + bundle + " --seed 7 --prompt \"a big smile\" --watch");
        out.flush();
    }
}
