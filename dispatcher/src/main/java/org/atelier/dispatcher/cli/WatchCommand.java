package org.atelier.dispatcher.cli;

import java.util.Objects;

import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code watch}: a job's progress, live, to its end. */
@Command(name = "watch", description = "Shows a job's progress until it has ended. With --json, one message a line.")
public final class WatchCommand extends ApiCommand {
    @Parameters(paramLabel = "JOB", converter = JobIdConverter.class, description = "Id of the job.")
    private @Nullable JobId id;

    @Mixin
    private PictureOption pictures = new PictureOption();

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var follower = new Follower(client, out(), err(), pictures);
        var job = Objects.requireNonNull(id);
        return json() ? follower.followAsJson(job) : follower.follow(job);
    }
}
