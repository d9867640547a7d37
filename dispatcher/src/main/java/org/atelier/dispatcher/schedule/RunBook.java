package org.atelier.dispatcher.schedule;

import java.time.Instant;
import java.util.List;

import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.StoredRequest;

/**
 * Where every run stands, as far as the topics have told: what the decisions of this package are made from.
 *
 * <p>It may lag behind the truth, which is in the object store, and never runs ahead of it. Whatever is decided on an old
 * page must therefore be harmless: a second record of an attempt is, because of its claim, and a second end of a run is,
 * because of its manifest.
 *
 * <p>Every method throws {@link org.atelier.dispatcher.fault.UnavailableException} when the book cannot be read or
 * written.
 */
public interface RunBook {
    /**
     * Lets those wait for a slot whose time has come: by their own wish, or because the wait after a failed attempt is over.
     *
     * @return how many; the limit if there may be more
     */
    int promote(Instant now, int limit);

    /** The tenants that have attempts waiting for a slot of a pool. */
    List<String> tenantsWaiting(String pool);

    /**
     * The attempts of a tenant that wait for a slot of a pool: those of runs that were never tried or whose next attempt is
     * due, that wait for no other job and that nobody wants to end; by priority, then by acceptance.
     */
    List<Waiting> waiting(String pool, String tenant, int limit);

    /** Like {@link #waiting(String, String, int)}, of those that somebody can run. */
    List<Waiting> waiting(String pool, String tenant, Ability able, int limit);

    /**
     * How many attempts of a tenant wait for a slot of a pool, of those that somebody can run, counted up to a limit: what is
     * beyond is not looked at.
     *
     * @param limit most that are counted, in the order of {@link #waiting}
     */
    Queued queued(String pool, String tenant, Ability able, int limit);

    /** Whether at least so many jobs of a tenant wait for anything. */
    boolean hasWaiting(String tenant, int jobs);

    /** Everything that was fed or runs now, counted. */
    List<Active> active();

    /** Runs that have not ended although their deadline, or their time to wait for a worker, has passed. */
    List<OverdueRun> overdue(Instant now, int limit);

    /** Runs that wait for a job which did not succeed. */
    List<DoomedRun> doomed(int limit);

    /** What was fed and is not claimed. */
    List<FedAttempt> fed();

    /** What is claimed and has not ended. */
    List<RunningAttempt> running();

    /** Runs whose newest attempt failed and that nobody has decided about, the longest-waiting jobs first. */
    List<FailedAttempt> undecided(int limit);

    /** Runs that somebody wants to end and that nobody works on. */
    List<IdleRun> abandoned(int limit);

    /** The composite jobs that could start and have not ended, the longest-waiting first. */
    List<OpenComposite> composites();

    /** The parts of a composite job, of all its runs, in their places; as far as their requests were read. */
    List<Part> parts(JobId composite);

    /** First runs of parts that have not ended although the run of the composite job that made them has. */
    List<IdleRun> strays(int limit);

    /** The ends of runs that no record of the results topic told of yet. */
    List<Manifest> unannounced(int limit);

    /**
     * What was asked of a job.
     *
     * @throws java.util.NoSuchElementException if the book does not know it
     */
    StoredRequest request(JobId job);

    /** Notes that an attempt was fed, and where its record lies. */
    void fed(Message.AttemptReady ready, ReadyRecord record, Instant at);

    /** Notes that the attempt after this failed one may be fed from a moment on. */
    void retry(AttemptId failed, Instant from);

    /**
     * Notes what happened. Notes may be repeated and come in any order: the later state wins, not the later note.
     *
     * @param at when it happened, by the clock of whoever tells
     */
    void note(Message message, Instant at);

    /** Forgets the events of jobs that are older than this; states stay. */
    void forgetEvents(Instant before);
}
