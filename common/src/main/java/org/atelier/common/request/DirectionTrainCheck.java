package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.jspecify.annotations.Nullable;

/** What a bundle must have for a table of directions, and which parts of one there can be. */
final class DirectionTrainCheck {
    private DirectionTrainCheck() {}

    static void check(DirectionTrainRequest request, BundleCard bundle, List<Violation> violations) {
        if (bundle.clip() == null) {
            violations.add(new Violation("/request/bundle", bundle.name()
                    + " has no CLIP and nothing can be said about its channels; name a bundle that has one"));
        }
        var statistics = request.statistics();
        var cutoff = statistics.truncation().cutoff();
        if (cutoff != null && cutoff > bundle.latentRows()) {
            violations.add(new Violation("/request/statistics/truncation/cutoff", "is " + cutoff + ", but " + bundle
                    .name() + " has " + bundle.latentRows() + " rows"));
        }
        if (request.images() > statistics.samples()) {
            violations.add(new Violation("/request/images", "is " + request.images()
                    + ", but only " + statistics.samples() + " latents are sampled"));
        }
        if (request.channels() != null && !request.merge().isEmpty()) {
            violations.add(new Violation("/request/channels",
                    "must be absent: a job that puts tables together measures no channels"));
        }
        if (request.composite() && (request.channels() != null || !request.merge().isEmpty())) {
            violations.add(new Violation("/request/shards", "is " + request.shards()
                    + "; a job that measures a part of the channels, or puts parts together, is a shard itself"));
        }
        if (request.given() != null && (request.channels() != null || !request.merge().isEmpty() || request
                .composite())) {
            violations.add(new Violation("/request/given",
                    "must be absent with channels, merge or shards: with given directions nothing is measured"));
        }
        checkPart(request.channels(), violations);
    }

    private static void checkPart(@Nullable Channels channels, List<Violation> violations) {
        switch (channels) {
            case Channels.Range range when range.from() >= range.to() -> violations.add(new Violation(
                    "/request/channels/to", "is " + range.to() + "; it must be above from, which is " + range.from()));
            case Channels.Part part when part.part() >= part.of() -> violations.add(new Violation(
                    "/request/channels/part", "is " + part.part() + "; the parts of " + part.of()
                            + " are counted from 0 to " + (part.of() - 1)));
            case null, default -> {
            }
        }
    }
}
