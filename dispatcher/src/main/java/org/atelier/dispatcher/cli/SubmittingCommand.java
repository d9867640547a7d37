package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What all ways to submit a job have in common. Standard output is the job's id alone, for scripts. */
@Command
abstract class SubmittingCommand extends ApiCommand {
    @Mixin
    private SubmitOptions options = new SubmitOptions();

    /** The request as far as this command's own options say it. */
    abstract SubmissionBody body();

    @Override
    final int run(DispatcherClient client) throws InterruptedException {
        var job = new JobDocument(client.submit(options.applyTo(body()).tree(), options.key()));
        if (json()) {
            printJson(job.tree());
        } else {
            out().println(job.id());
            err().println(job.type() + " on " + job.bundle() + " is " + job.state());
            out().flush();
        }
        if (!options.watch()) {
            return ExitCode.OK;
        }
        var follower = new Follower(client, out(), err());
        return json() ? follower.followAsJson(job.id()) : follower.follow(job.id());
    }
}
