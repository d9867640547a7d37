package org.atelier.common.trace.otel;

import java.util.List;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

/**
 * Keeps a trace that begins with a link where that is kept which it links to. A sampler that looks at parents alone would decide
 * anew for each attempt: of one submission in ten, and of those one attempt in ten, both sides of a link would be kept once in a
 * hundred times.
 *
 * @param others decides about spans that have a parent, and about those that link to nothing
 */
record LinkSampler(Sampler others) implements Sampler {
    private static final String LOOKS_AT_PARENTS = "ParentBased";

    /** Only a sampler that goes by parents is one that should go by links. */
    static Sampler around(Sampler sampler) {
        return sampler.getDescription().startsWith(LOOKS_AT_PARENTS) ? new LinkSampler(sampler) : sampler;
    }

    @Override
    public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind,
            Attributes attributes,
            List<LinkData> links) {
        if (Span.fromContext(parent).getSpanContext().isValid() || links.isEmpty()) {
            return others.shouldSample(parent, traceId, name, kind, attributes, links);
        }
        return links.stream().anyMatch(link -> link.getSpanContext().isSampled())
                ? SamplingResult.recordAndSample()
                : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "LinkBased{" + others.getDescription() + "}";
    }
}
