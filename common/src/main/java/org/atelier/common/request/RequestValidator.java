package org.atelier.common.request;

import java.util.ArrayList;
import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.GridRequest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.PromptSweepRequest;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.job.Truncation;

/** Checks a request against the bundle that it names, so that what cannot work fails at submit and not on a worker. */
public final class RequestValidator {
    /** Everything in a request that this bundle cannot do; empty if it can. Fields are pointers into the submission. */
    public List<Violation> check(JobRequest request, BundleCard bundle) {
        var violations = new ArrayList<Violation>();
        ImageSourceCheck.check(request, bundle, violations);
        switch (request) {
            case GenerateRequest generate -> check(generate, bundle, violations);
            case OptimizeRequest optimize -> check(optimize, bundle, violations);
            case InvertRequest invert -> InvertCheck.check(invert, bundle, violations);
            case GridRequest grid -> violations.addAll(GridCheck.of(grid));
            case PromptSweepRequest sweep -> violations.addAll(PromptSweepCheck.of(sweep, bundle));
            case SheetRequest sheet -> violations.addAll(SheetCheck.of(sheet));
            case MapperTrainRequest train -> MapperCheck.check(train, bundle, violations);
            case MapperApplyRequest apply -> MapperCheck.check(apply, bundle, violations);
            case DeltaTrainRequest train -> DeltaCheck.check(train, bundle, violations);
            case DeltaApplyRequest apply -> {
                checkCutoff(apply.truncation(), bundle, violations);
                DeltaCheck.check(apply, bundle, violations);
            }
            case DirectionTrainRequest train -> DirectionTrainCheck.check(train, bundle, violations);
            case DirectionApplyRequest apply -> DirectionApplyCheck.check(apply, bundle, violations);
            case BoundaryTrainRequest train -> BoundaryTrainCheck.check(train, bundle, violations);
            case BoundaryApplyRequest apply -> BoundaryApplyCheck.check(apply, bundle, violations);
            case NadaFinetuneRequest nada -> NadaFinetuneCheck.check(nada, bundle, violations);
        }
        return violations;
    }

    private void check(GenerateRequest request, BundleCard bundle, List<Violation> violations) {
        checkCutoff(request.truncation(), bundle, violations);
        var mixing = request.mixing();
        if (mixing != null && mixing.row() > bundle.latentRows()) {
            violations.add(new Violation("/request/mixing/row",
                    "is " + mixing.row() + ", but " + bundle.name() + " has " + bundle.latentRows() + " rows"));
        }
    }

    private void check(OptimizeRequest request, BundleCard bundle, List<Violation> violations) {
        checkCutoff(request.truncation(), bundle, violations);
        if (bundle.clip() == null) {
            violations.add(new Violation("/request/bundle",
                    bundle.name() + " has no CLIP and cannot follow a text; name a bundle that has one"));
        }
        DeltaCheck.check(request, bundle, violations);
        OptimizeCheck.check(request, bundle, violations);
        boolean edit = request.goal() == OptimizeRequest.Goal.EDIT;
        if (edit && request.source() == null) {
            violations.add(new Violation("/request/source",
                    "is missing: an edit starts at a seed or a latent; or ask for goal free_generation"));
        }
        if (edit && request.idLambda() > 0 && bundle.identity() == null) {
            violations.add(new Violation("/request/id_lambda",
                    "must be 0: " + bundle.name() + " has no identity network"));
        }
    }

    static void checkCutoff(Truncation truncation, BundleCard bundle, List<Violation> violations) {
        var cutoff = truncation.cutoff();
        if (cutoff != null && cutoff > bundle.latentRows()) {
            violations.add(new Violation("/request/truncation/cutoff",
                    "is " + cutoff + ", but " + bundle.name() + " has " + bundle.latentRows() + " rows"));
        }
    }
}
