package org.atelier.local.load;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was measured. Times of processors are of the whole process, in milliseconds a job.
 *
 * @param machine  where
 * @param http     one job a request
 * @param bulk     many jobs a request
 * @param kafka    records of a producer
 * @param endToEnd of all these jobs, from when there was a worker until all had ended
 * @param idle     one job at a time
 * @param loaded   one job at a time, beside a stream of others
 * @param backlogs by what waits, in growing order
 */
public record LoadReport(
        Machine machine,
        Intake http,
        Intake bulk,
        Intake kafka,
        EndToEnd endToEnd,
        Latency idle,
        Latency loaded,
        List<Backlog> backlogs) {
    /**
     * The machine, and what else it did.
     *
     * @param processors how many
     * @param java       that all processes run on
     * @param database   of the dispatcher
     * @param loadBefore processes that wanted to run, on average of a minute, before anything was started
     * @param loadAfter  the same at the end, the fleet's own among them
     */
    public record Machine(int processors, String java, String database, double loadBefore, double loadAfter) {}

    /**
     * Processor time a job.
     *
     * @param dispatcher of the dispatcher
     * @param broker     of the broker
     * @param store      of the store
     * @param worker     of the worker; absent where none ran
     */
    public record Cost(double dispatcher, double broker, double store, @Nullable Double worker) {}

    /**
     * Jobs that were submitted.
     *
     * @param jobs         how many were accepted
     * @param perSecond    accepted, that is durable, each second: request in the store, record in the topic
     * @param listedPerSecond by the time when the last of them stood in the backlog
     * @param requestMillis until a request was answered, or a record acknowledged
     * @param cpu          until the last of them stood in the backlog
     */
    public record Intake(int jobs, double perSecond, double listedPerSecond, Quantiles requestMillis, Cost cpu) {}

    /**
     * Jobs that ran.
     *
     * @param slots     of the worker
     * @param jobs      how many ended
     * @param perSecond ended each second
     */
    public record EndToEnd(int slots, int jobs, double perSecond, Cost cpu) {}

    /**
     * Jobs whose ways were timed, from the moment at which the request was sent, in milliseconds.
     *
     * @param jobs           how many
     * @param beside         other jobs each second
     * @param acceptedMillis until the answer was there
     * @param fedMillis      until the dispatcher had written the ready record
     * @param startMillis    until a worker had claimed the attempt and begun
     * @param endMillis      until the result was told
     */
    public record Latency(int jobs, double beside, Quantiles acceptedMillis, Quantiles fedMillis, Quantiles startMillis,
            Quantiles endMillis) {}

    /**
     * A dispatcher with jobs that wait.
     *
     * @param waiting          how many
     * @param fillSeconds      it took to write those straight into the projection that were missing
     * @param startSeconds     from the start of the process until it was ready
     * @param heapMegabytes    in use after a full collection
     * @param residentMegabytes of the process
     * @param idleCpuMillis    processor time a second while nothing happens
     * @param pageMillis       of the newest jobs
     * @param filteredMillis   of the newest waiting jobs
     * @param overviewMillis   of the page that counts them
     * @param accepted         jobs that were submitted then
     * @param acceptCpuMillis  of the dispatcher for each of them, until it stood in the backlog
     * @param urgent           jobs of the highest priority, beside slots that are all busy with the backlog
     * @param drained          jobs that ran meanwhile
     * @param perSecond        of them
     * @param cpu              for each of them
     */
    public record Backlog(int waiting, double fillSeconds, double startSeconds, double heapMegabytes,
            double residentMegabytes, double idleCpuMillis, Quantiles pageMillis, Quantiles filteredMillis,
            Quantiles overviewMillis, int accepted, double acceptCpuMillis, Latency urgent, int drained,
            double perSecond, Cost cpu) {}
}
