package org.atelier.dispatcher.projection;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.job.JobType;

/** Sums by tenant and type. */
final class UsageTable {
    private final Map<String, Usage> rows = new TreeMap<>();

    /** @param first whether it is the first attempt of its run that is counted */
    void add(String tenant, JobType type, boolean first, double seconds, double wasted) {
        rows.merge(tenant + " " + type.wireName(), new Usage(tenant, type, first ? 1 : 0, 1, seconds, wasted), (sum,
                one) -> new Usage(tenant, type, sum.runs() + one.runs(), sum.attempts() + 1, sum.deviceSeconds() + one
                        .deviceSeconds(), sum.wastedSeconds() + one.wastedSeconds()));
    }

    List<Usage> rows() {
        return List.copyOf(rows.values());
    }
}
