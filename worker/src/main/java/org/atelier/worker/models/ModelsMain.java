package org.atelier.worker.models;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;

import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.error.JobException;
import org.atelier.common.store.StoreException;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code atelier models}: bundles from published files and back, in folders and in the object store. */
@Command(name = "atelier models", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Makes bundles from published files, looks at them, checks them, and writes files for other tools.",
        "A BUNDLE is a folder with bundle.json, or name@version in the object store (ATELIER_STORE_*)."}, subcommands = {
                ImportCommand.class, PublishCommand.class, ListCommand.class, ShowCommand.class, VerifyCommand.class,
                ExportCommand.class})
public final class ModelsMain {
    private static final int FAILED = 1;

    /** What ends a command for a reason that the user can do something about: the message says all there is to say. */
    private static final List<Class<? extends Exception>> EXPLAINED = List.of(ImportException.class,
            RefusedFileException.class, IllegalArgumentException.class, UncheckedIOException.class,
            InvalidSettingException.class, StoreException.class, JobException.class, IllegalStateException.class);

    private ModelsMain() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine(Surroundings.of(System.getenv())).execute(args));
    }

    static CommandLine commandLine(Surroundings surroundings) {
        var line = new CommandLine(new ModelsMain(), new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return BundleCommand.class.isAssignableFrom(type)
                        ? type.getDeclaredConstructor(Surroundings.class).newInstance(surroundings)
                        : CommandLine.defaultFactory().create(type);
            }
        });
        line.setExecutionExceptionHandler((thrown, command, result) -> {
            if (EXPLAINED.stream().anyMatch(type -> type.isInstance(thrown))) {
                command.getErr().println(thrown.getMessage());
            } else if (thrown instanceof FileSystemException file) {
                command.getErr().println(file.getFile() + " cannot be read or written (" + file + ").");
            } else {
                thrown.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        return line;
    }
}
