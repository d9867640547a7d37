package org.atelier.local.load;

import java.util.List;
import java.util.Map;

/**
 * What is measured.
 *
 * @param jobs        submitted in each way
 * @param rounds      of submissions; the figures are those of the round in the middle
 * @param clients     that submit at once, one job a request
 * @param bulk        submissions of one bulk request
 * @param slots       of the worker
 * @param latencyJobs submitted one after the other on an idle fleet, and again beside a load
 * @param backlogs    numbers of waiting jobs, growing
 * @param drained     jobs that are run off each backlog
 * @param database    settings of the dispatcher's database; none: a file of SQLite
 */
public record LoadOptions(
        int jobs,
        int rounds,
        int clients,
        int bulk,
        int slots,
        int latencyJobs,
        List<Integer> backlogs,
        int drained,
        Map<String, String> database) {
    public LoadOptions {
        backlogs = backlogs.stream().sorted().toList();
        database = Map.copyOf(database);
    }
}
