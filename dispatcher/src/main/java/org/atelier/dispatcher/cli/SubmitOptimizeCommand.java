package org.atelier.dispatcher.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code submit optimize}. */
@Command(name = "optimize", description = "Edits one picture by text: StyleCLIP latent optimisation. Everything that has no"
        + " flag is set with --set: steps, learning_rate, l2_lambda, id_lambda, schedule, noise, preview_every ...")
final class SubmitOptimizeCommand extends SubmittingCommand {
    @Option(names = "--bundle", required = true, description = "Whose networks are used, for example avatar-128.")
    private String bundle = "";

    @Option(names = "--prompt", required = true, description = "What the picture should show.")
    private String prompt = "";

    @ArgGroup
    private @Nullable SourceOption source;

    /** Where the edit starts. */
    static final class SourceOption {
        @Option(names = "--seed", description = "Start at the picture of this seed.")
        private @Nullable Long seed;

        @Option(names = "--latent", paramLabel = "sha256:...", description = "Start at a latent that a job stored.")
        private @Nullable String latent;
    }

    @Override
    SubmissionBody body() {
        var body = SubmissionBody.ofType("optimize");
        body.request().put("bundle", bundle).put("prompt", prompt);
        if (source != null && source.seed != null) {
            body.request().putObject("source").put("seed", source.seed);
        } else if (source != null) {
            body.request().putObject("source").put("latent", source.latent);
        }
        return body;
    }
}
