package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What all ways to submit a job have in common. Standard output is the job's id alone, for scripts. */
@Command
abstract class SubmittingCommand extends ApiCommand {
    @Mixin
    private SubmitOptions options = new SubmitOptions();

    @Mixin
    private PictureOption pictures = new PictureOption();

    /** The request as far as this command's own options say it. */
    abstract SubmissionBody body();

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var body = options.applyTo(body());
        if (options.preset()) {
            fill(body, client);
        }
        var job = new JobDocument(client.submit(body.tree(), options.key()));
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
        var follower = new Follower(client, out(), err(), pictures);
        return json() ? follower.followAsJson(job.id()) : follower.follow(job.id());
    }

    /** Gives the request the values that work on its bundle, where it has none. */
    private void fill(SubmissionBody body, DispatcherClient client) throws InterruptedException {
        var bundle = body.request().path("bundle").asText("");
        if (bundle.isEmpty()) {
            throw usage("--preset takes values from the request's bundle, and the request names none");
        }
        var presets = new PresetsDocument(client.presets(bundle));
        var type = body.request().path("type").asText("");
        if (!presets.defaults(type).isObject()) {
            throw usage(presets.has(type)
                    ? presets.bundle() + " has presets for " + type + ", but no defaults among them"
                    : presets.lacks(type));
        }
        body.fill(presets.defaults(type));
    }
}
