package org.atelier.local;

import java.util.List;

import org.atelier.dispatcher.cli.BundlesCommand;
import org.atelier.dispatcher.cli.CancelCommand;
import org.atelier.dispatcher.cli.EraseCommand;
import org.atelier.dispatcher.cli.ErrorHandler;
import org.atelier.dispatcher.cli.GcCommand;
import org.atelier.dispatcher.cli.GetCommand;
import org.atelier.dispatcher.cli.LineageCommand;
import org.atelier.dispatcher.cli.ListCommand;
import org.atelier.dispatcher.cli.PresetsCommand;
import org.atelier.dispatcher.cli.RebuildCommand;
import org.atelier.dispatcher.cli.ReplayCommand;
import org.atelier.dispatcher.cli.StatusCommand;
import org.atelier.dispatcher.cli.SubmitCommand;
import org.atelier.dispatcher.cli.TokenCommand;
import org.atelier.dispatcher.cli.UploadCommand;
import org.atelier.dispatcher.cli.UsageCommand;
import org.atelier.dispatcher.cli.WatchCommand;
import org.atelier.dispatcher.cli.WebhookCommand;
import org.atelier.local.process.ChildDiedException;
import org.atelier.local.process.NotReadyException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of Atelier. */
@Command(name = "atelier", mixinStandardHelpOptions = true, version = "Atelier 0.1", sortOptions = false, description = {
        "Edits faces and re-styles image generators by text, as a fleet."}, subcommands = {DemoCommand.class,
                UpCommand.class, StatusCommand.class, UsageCommand.class, SubmitCommand.class, WatchCommand.class,
                ListCommand.class,
                GetCommand.class, LineageCommand.class, BundlesCommand.class, PresetsCommand.class, CancelCommand.class,
                UploadCommand.class, ReplayCommand.class,
                RebuildCommand.class, EraseCommand.class, GcCommand.class, TokenCommand.class,
                WebhookCommand.class,
                ModelsCommand.class,
                BenchCommand.class, ChaosCommand.class, SoakCommand.class,
                GenerateCompletion.class}, footer = {
                        "%nStart with: ./atelier demo",
                        "Each command explains itself: ./atelier COMMAND --help"})
public final class Atelier {
    /** Libraries would write to the terminal; what matters of it comes as exceptions. */
    private static final String LOGGING = "org.slf4j.helpers.NOP_FallbackServiceProvider";

    private Atelier() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.setProperty("slf4j.provider", LOGGING);
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Atelier());
        line.setExecutionExceptionHandler(new ErrorHandler(List.of(ChildDiedException.class, NotReadyException.class,
                IllegalStateException.class)));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        WorkerTool.passEverythingOn(line);
        return line;
    }
}
