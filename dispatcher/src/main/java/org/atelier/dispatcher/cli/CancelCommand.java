package org.atelier.dispatcher.cli;

import java.util.Objects;

import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code cancel}: asks for the end of a job. */
@Command(name = "cancel", description = "Asks for the end of a job. \"watch\" shows when it happens.")
public final class CancelCommand extends ApiCommand {
    @Parameters(paramLabel = "JOB", converter = JobIdConverter.class, description = "Id of the job.")
    private @Nullable JobId id;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var job = new JobDocument(client.cancel(Objects.requireNonNull(id)));
        if (json()) {
            printJson(job.tree());
        } else {
            out().println(job.id() + " is " + job.state());
            out().flush();
        }
        return ExitCode.OK;
    }
}
