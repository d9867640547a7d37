package org.atelier.common.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Gathers the jobs that a request waits for. */
final class Parents {
    private Parents() {}

    /** Those of sources. */
    static List<JobId> of(Stream<Source> sources) {
        return of(sources, Stream.empty());
    }

    /** Those of sources and further inputs. */
    static List<JobId> of(Stream<Source> sources, Stream<Input> inputs) {
        return Stream.concat(sources.map(Source::parent), inputs.map(Input::parent))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }
}
