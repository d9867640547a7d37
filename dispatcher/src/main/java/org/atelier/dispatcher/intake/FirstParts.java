package org.atelier.dispatcher.intake;

import java.util.List;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobSubmission;

/** What a composite job begins with, so that what cannot work is refused before any of it is made. */
@FunctionalInterface
public interface FirstParts {
    /**
     * The submissions of a composite job's first parts.
     *
     * @throws org.atelier.common.request.InvalidSubmissionException if there can be none
     */
    List<FirstPart> of(JobSubmission composite, BundleCard bundle);

    /**
     * A job that would be made.
     *
     * @param name   what tells it from the others, for people
     * @param body   its submission
     * @param origin the field of the composite's submission that a field of this one comes from
     */
    record FirstPart(String name, JsonNode body, UnaryOperator<String> origin) {}
}
