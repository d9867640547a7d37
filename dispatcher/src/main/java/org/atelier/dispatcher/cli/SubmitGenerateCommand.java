package org.atelier.dispatcher.cli;

import java.util.List;
import java.util.stream.LongStream;

import org.atelier.common.job.GenerateRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code submit generate}. */
@Command(name = "generate", description = "Makes pictures of seeds or stored latents. Everything that has no flag is set with"
        + " --set: truncation.cutoff, noise.mode, mixing ...")
final class SubmitGenerateCommand extends SubmittingCommand {
    @Option(names = "--bundle", required = true, description = "Whose generator draws, for example avatar-128.")
    private String bundle = "";

    @Option(names = "--seeds", split = ",", paramLabel = "SEED|FROM-TO", description = "Seeds and ranges of seeds with"
            + " commas between, for example 1-8,85.")
    private List<String> seeds = List.of();

    @Option(names = "--latent", paramLabel = "sha256:...", description = "A latent that a job stored. May be given several"
            + " times.")
    private List<String> latents = List.of();

    @Option(names = "--psi", description = "Truncation of the seeds, from -2 to 2 (default: 1, none).")
    private @Nullable Double psi;

    @Option(names = "--grid", arity = "0..1", fallbackValue = "0", paramLabel = "COLUMNS", description = "Also one picture"
            + " of all, in so many columns (default: as square as possible).")
    private @Nullable Integer columns;

    @Override
    SubmissionBody body() {
        if (seeds.isEmpty() && latents.isEmpty()) {
            throw usage("say what to draw: --seeds or --latent");
        }
        var body = SubmissionBody.ofType("generate");
        var sources = body.request().put("bundle", bundle).putArray("sources");
        // One too many is enough for the dispatcher to refuse it.
        seeds.stream().flatMapToLong(this::range).limit(GenerateRequest.MAX_SOURCES + 1L).forEach(seed -> sources
                .addObject().put("seed", seed));
        latents.forEach(latent -> sources.addObject().put("latent", latent));
        if (psi != null) {
            body.request().putObject("truncation").put("psi", psi);
        }
        if (columns != null) {
            var grid = body.request().putObject("grid");
            if (columns > 0) {
                grid.put("columns", columns);
            }
        }
        return body;
    }

    private LongStream range(String text) {
        var ends = text.split("-", 2);
        try {
            long first = Long.parseLong(ends[0].strip());
            return LongStream.rangeClosed(first, ends.length == 1 ? first : Long.parseLong(ends[1].strip()));
        } catch (NumberFormatException e) {
            throw usage("--seeds has \"" + text + "\", which is neither a seed nor a range such as 1-8");
        }
    }
}
