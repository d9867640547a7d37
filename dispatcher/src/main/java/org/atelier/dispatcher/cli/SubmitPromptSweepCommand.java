package org.atelier.dispatcher.cli;

import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code submit prompt-sweep}. */
@Command(name = "prompt-sweep", description = "Finds the wording that works: tries several with hardly any regularisation,"
        + " and raises it for the best. Everything that has no flag is set with --set: lambda, best, base.steps ...")
final class SubmitPromptSweepCommand extends SubmittingCommand {
    @Option(names = "--bundle", required = true, description = "Whose networks are used, for example avatar-128.")
    private String bundle = "";

    @Option(names = "--prompt", required = true, description = "A wording. May be given several times.")
    private List<String> prompts = List.of();

    @Option(names = "--seed", required = true, description = "Try it on the picture of this seed. May be given several times.")
    private List<Long> seeds = List.of();

    @Option(names = "--lambda", paramLabel = "WEIGHT", description = "A weight to try the best wording with. May be given"
            + " several times.")
    private List<Double> lambdas = List.of();

    @Option(names = "--threshold", description = "Largest final loss of a wording that works (default: the bundle's).")
    private @Nullable Double threshold;

    @Override
    SubmissionBody body() {
        var body = SubmissionBody.ofType("prompt-sweep");
        body.request().put("bundle", bundle);
        prompts.forEach(body.request().putArray("prompts")::add);
        var sources = body.request().putArray("sources");
        seeds.forEach(seed -> sources.addObject().put("seed", seed));
        if (!lambdas.isEmpty()) {
            lambdas.forEach(body.request().putArray("lambdas")::add);
        }
        if (threshold != null) {
            body.request().put("threshold", threshold);
        }
        return body;
    }
}
