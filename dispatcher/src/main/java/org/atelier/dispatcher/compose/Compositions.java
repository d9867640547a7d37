package org.atelier.dispatcher.compose;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.dispatcher.intake.FirstParts;

/** How each composite type is composed. */
public final class Compositions implements FirstParts {
    private final Map<Class<?>, Composition<?>> byRequest;

    /** All there are. */
    public Compositions() {
        this(List.of(new GridComposition(), new PromptSweepComposition()));
    }

    /** Some. */
    Compositions(List<Composition<?>> compositions) {
        this.byRequest = compositions.stream().collect(Collectors.toMap(Composition::requestType, Function.identity()));
    }

    /**
     * What follows in a composite job.
     *
     * @param phases how the parts of each phase that is over ended
     */
    Step next(JobRequest request, BundleCard bundle, List<List<EndedPart>> phases) {
        return next(of(request), request, bundle, phases);
    }

    private static <R extends JobRequest> Step next(Composition<R> composition, JobRequest request, BundleCard bundle,
            List<List<EndedPart>> phases) {
        return composition.next(new Composite<>(composition.requestType().cast(request), bundle, phases));
    }

    private Composition<?> of(JobRequest request) {
        var composition = byRequest.get(request.getClass());
        if (composition == null) {
            throw new IllegalStateException("no composition for " + request.getClass());
        }
        return composition;
    }

    @Override
    public List<FirstPart> of(JobSubmission composite, BundleCard bundle) {
        return next(composite.request(), bundle, List.of()) instanceof Step.Parts phase
                ? phase.parts().stream()
                        .map(part -> new FirstPart(part.name(), PartBody.of(part, composite, bundle),
                                field -> origin(of(composite.request()), composite.request(), field)))
                        .toList()
                : List.of();
    }

    private static <R extends JobRequest> String origin(Composition<R> composition, JobRequest request, String field) {
        return composition.origin(composition.requestType().cast(request), field);
    }
}
