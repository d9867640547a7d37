package org.atelier.common.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.PromptSweepRequest;

/** Checks a prompt sweep; what it asks of each optimisation is checked like any request. */
final class PromptSweepCheck {
    /** What the sweep itself says of each optimisation. */
    private static final Set<String> ITS_OWN = Set.of("type", "bundle", "source", "prompt", "l2_lambda", "id_lambda");

    private PromptSweepCheck() {}

    static List<Violation> of(PromptSweepRequest sweep, BundleCard bundle) {
        var violations = new ArrayList<Violation>();
        if (sweep.threshold() == null && !bundle.presets().at("/prompt-sweep/threshold").isNumber()) {
            violations.add(new Violation("/request/threshold", "is missing: " + bundle.name()
                    + " has no presets.prompt-sweep.threshold; say which final loss is low enough"));
        }
        if (!sweep.base().isObject()) {
            violations.add(new Violation("/request/base", "must be a JSON object: fields of an optimize request"));
        }
        var taken = new TreeSet<>(ITS_OWN);
        taken.retainAll(sweep.base().properties().stream().map(field -> field.getKey()).toList());
        taken.forEach(field -> violations.add(new Violation("/request/base/" + field,
                "is said by the sweep itself for each optimisation; leave it out")));
        if (sweep.prompts().stream().distinct().count() < sweep.prompts().size()) {
            violations.add(new Violation("/request/prompts", "has the same prompt twice"));
        }
        limit("/request/prompts", "prompts", sweep.prompts().size(), sweep, violations);
        limit("/request/lambdas", "lambdas of the best prompts", sweep.best() * sweep.lambdas().size(), sweep,
                violations);
        return violations;
    }

    private static void limit(String field, String what, int count, PromptSweepRequest sweep,
            List<Violation> violations) {
        int parts = count * sweep.sources().size();
        if (parts > PromptSweepRequest.MAX_PARTS) {
            violations.add(new Violation(field, "are too many: " + count + " " + what + " on " + sweep.sources().size()
                    + " sources are " + parts + " optimisations at once; there may be at most "
                    + PromptSweepRequest.MAX_PARTS));
        }
    }
}
