package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.MapperTrainRequest.Kind;
import org.atelier.common.job.MapperTrainRequest.Level;
import org.atelier.common.job.MapperTrainRequest.Plateau;
import org.atelier.common.job.TrainingSet;
import org.atelier.common.job.Truncation;

/** What requests about mappers need of a bundle. */
final class MapperCheck {
    /** Where the medium level starts on a StyleGAN3; elsewhere at {@link #MEDIUM}. */
    private static final int STYLEGAN3_MEDIUM = 5;
    private static final int MEDIUM = 4;
    private static final int FINE = 8;

    private MapperCheck() {}

    static void check(MapperTrainRequest request, BundleCard bundle, List<Violation> violations) {
        if (bundle.clip() == null) {
            violations.add(new Violation("/request/bundle",
                    bundle.name() + " has no CLIP and cannot follow a text; name a bundle that has one"));
        }
        if (request.idLambda() > 0 && bundle.identity() == null) {
            violations.add(new Violation("/request/id_lambda",
                    "must be 0: " + bundle.name() + " has no identity network"));
        }
        if (request.clipLambda() == 0 && request.directionalLambda() == 0) {
            violations.add(new Violation("/request/clip_lambda",
                    "must be more than 0 where directional_lambda is 0: nothing else follows the prompt"));
        }
        checkLength(request, violations);
        checkLevels(request, bundle, violations);
        checkLatents(request, bundle, violations);
        var plateau = request.plateau();
        if (plateau != null && plateau.watch() == Plateau.Watched.VALIDATION && request.validation().count() == 0) {
            violations.add(new Violation("/request/plateau/watch",
                    "is \"validation\", but validation/count is 0; watch \"training\" or hold some latents back"));
        }
    }

    private static void checkLength(MapperTrainRequest request, List<Violation> violations) {
        if (request.steps() != null && request.epochs() != null) {
            violations.add(new Violation("/request/epochs", "must be left out where steps is given"));
        }
    }

    private static void checkLevels(MapperTrainRequest request, BundleCard bundle, List<Violation> violations) {
        if (request.freeze().isEmpty()) {
            return;
        }
        if (request.kind() != Kind.LEVELS) {
            violations.add(new Violation("/request/freeze",
                    "must be left out: only a mapper of kind \"levels\" has any"));
            return;
        }
        int medium = bundle.generator().architecture().equals("stylegan3") ? STYLEGAN3_MEDIUM : MEDIUM;
        boolean moves = !request.freeze().contains(Level.COARSE)
                || !request.freeze().contains(Level.MEDIUM) && bundle.latentRows() > medium
                || !request.freeze().contains(Level.FINE) && bundle.latentRows() > FINE;
        if (!moves) {
            violations.add(new Violation("/request/freeze", "leaves nothing that could move: " + bundle.name() + " has "
                    + bundle.latentRows() + " rows"));
        }
    }

    private static void checkLatents(MapperTrainRequest request, BundleCard bundle, List<Violation> violations) {
        switch (request.latents()) {
            case TrainingSet.Sampled sampled -> checkCutoff("/request/latents/truncation", sampled.truncation(), bundle,
                    violations);
            case TrainingSet.Given given -> {
                checkCutoff("/request/latents/truncation", given.truncation(), bundle, violations);
                if (given.sources().size() <= request.validation().count()) {
                    violations.add(new Violation("/request/validation/count", "is " + request.validation().count()
                            + ", so that none of the " + given.sources().size()
                            + " given latents is left to train on"));
                }
            }
            case TrainingSet.Stored stored -> { // how many there are is found out when the file is read
            }
        }
    }

    static void check(MapperApplyRequest request, BundleCard bundle, List<Violation> violations) {
        checkCutoff("/request/truncation", request.truncation(), bundle, violations);
        int pictures = request.sources().size() * request.strengths().size();
        if (pictures > MapperApplyRequest.MAX_PICTURES) {
            violations.add(new Violation("/request/strengths", "makes " + pictures + " pictures of " + request.sources()
                    .size() + " sources; at most " + MapperApplyRequest.MAX_PICTURES
                    + " are one job. Ask for fewer, or for several jobs"));
        }
    }

    private static void checkCutoff(String field, Truncation truncation, BundleCard bundle,
            List<Violation> violations) {
        var cutoff = truncation.cutoff();
        if (cutoff != null && cutoff > bundle.latentRows()) {
            violations.add(new Violation(field + "/cutoff",
                    "is " + cutoff + ", but " + bundle.name() + " has " + bundle.latentRows() + " rows"));
        }
    }
}
