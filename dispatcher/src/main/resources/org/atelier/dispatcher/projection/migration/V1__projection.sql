-- The projection. Times are milliseconds since 1970, documents are JSON text. Everything here can be dropped and is built
-- again from the topics. Runs on SQLite and PostgreSQL.

CREATE TABLE jobs (
    job          VARCHAR(64) NOT NULL PRIMARY KEY,

    -- Where its newest run stands. States are joined by the larger standing: see Standing.
    standing     BIGINT      NOT NULL,
    state        VARCHAR(16) NOT NULL,
    run          INTEGER     NOT NULL,
    attempt      INTEGER     NOT NULL,
    ended_at     BIGINT,
    manifest     TEXT,
    -- Newest run that somebody wants to end; newest run whose end a record of the results topic told.
    cancel_run   INTEGER     NOT NULL DEFAULT 0,
    result_run   INTEGER     NOT NULL DEFAULT 0,

    -- What was asked; empty until the request was read, which may be after its first events.
    tenant       TEXT,
    type         TEXT,
    priority     INTEGER,
    accepted_at  BIGINT,
    request      TEXT,

    -- What the feeder remembers: the pool that runs it, when the next attempt is due, where the ready record lies.
    pool         TEXT,
    next_at      BIGINT,
    ready_part   INTEGER,
    ready_offset BIGINT
);

CREATE INDEX jobs_waiting ON jobs (pool, priority DESC, accepted_at, job)
    WHERE state IN ('queued', 'retrying') AND request IS NOT NULL;
-- The state stands first although it is fixed: SQLite would otherwise take a larger index that begins with it.
CREATE INDEX jobs_ready ON jobs (state, job) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (state, job) WHERE state = 'running';
CREATE INDEX jobs_undecided ON jobs (accepted_at, job) WHERE state = 'retrying' AND next_at IS NULL;
CREATE INDEX jobs_abandoned ON jobs (accepted_at, job) WHERE state IN ('queued', 'retrying') AND cancel_run >= run;
CREATE INDEX jobs_unannounced ON jobs (job) WHERE manifest IS NOT NULL AND result_run < run;
CREATE INDEX jobs_newest ON jobs (tenant, accepted_at DESC, job DESC) WHERE request IS NOT NULL;
CREATE INDEX jobs_counted ON jobs (state) WHERE request IS NOT NULL;
CREATE INDEX jobs_state ON jobs (tenant, state, accepted_at DESC, job DESC) WHERE request IS NOT NULL;

CREATE TABLE attempts (
    job          VARCHAR(64) NOT NULL,
    run          INTEGER     NOT NULL,
    attempt      INTEGER     NOT NULL,
    worker       TEXT,
    host         TEXT,
    started_at   BIGINT,
    resumed_from INTEGER     NOT NULL DEFAULT 0,
    sequence     BIGINT      NOT NULL DEFAULT -1,
    progress     TEXT,
    failed_at    BIGINT,
    counts       INTEGER     NOT NULL DEFAULT 0,
    failure      TEXT,
    seconds      TEXT,
    PRIMARY KEY (job, run, attempt)
);

-- The events of jobs, for replay to whoever watches. The offset is the record's in its partition of the events topic; all
-- events of a job are in one partition.
CREATE TABLE job_events (
    job           VARCHAR(64) NOT NULL,
    record_offset BIGINT      NOT NULL,
    run           INTEGER     NOT NULL,
    name          TEXT        NOT NULL,
    data          TEXT        NOT NULL,
    told_at       BIGINT      NOT NULL,
    PRIMARY KEY (job, record_offset)
);

CREATE INDEX job_events_age ON job_events (told_at);

-- How far each partition was read, written in the transaction of what was read.
CREATE TABLE positions (
    topic       TEXT    NOT NULL,
    part        INTEGER NOT NULL,
    next_offset BIGINT  NOT NULL,
    PRIMARY KEY (topic, part)
);
