-- The ordered backlog. What was there is read again from the topics, which hold more than the old columns did.

DELETE FROM jobs;
DELETE FROM attempts;
DELETE FROM job_events;
DELETE FROM positions;

-- What was asked, as far as the order depends on it: a moment before which nothing starts, one by which the first run has
-- ended, and the longest times of waiting and of one attempt.
ALTER TABLE jobs ADD COLUMN bundle TEXT;
ALTER TABLE jobs ADD COLUMN not_before BIGINT;
ALTER TABLE jobs ADD COLUMN deadline_at BIGINT;
ALTER TABLE jobs ADD COLUMN queue_millis BIGINT;
ALTER TABLE jobs ADD COLUMN run_millis BIGINT;
-- When its newest run was asked for, where that is not the first.
ALTER TABLE jobs ADD COLUMN queued_at BIGINT;
-- How many of its dependencies have not succeeded, and how many never will.
ALTER TABLE jobs ADD COLUMN unmet INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN broken INTEGER NOT NULL DEFAULT 0;

-- What it waits for, derived from all of the above: 'eligible' (a slot), 'later' (until due_at), 'undecided' (somebody who
-- decides about its failed attempt), 'blocked' (other jobs), 'unserved' (a pool), 'none' (nothing). The moment at which its
-- time is up stands beside it.
ALTER TABLE jobs ADD COLUMN stage VARCHAR(12) NOT NULL DEFAULT 'none';
ALTER TABLE jobs ADD COLUMN due_at BIGINT;
ALTER TABLE jobs ADD COLUMN expires_at BIGINT;

-- Why the newest run failed.
ALTER TABLE jobs ADD COLUMN error VARCHAR(32);

CREATE INDEX jobs_failed ON jobs (state, tenant, ended_at, job) WHERE state = 'failed';

CREATE INDEX jobs_succeeded ON jobs (state, type, ended_at, job) WHERE state = 'succeeded';

DROP INDEX jobs_waiting;
DROP INDEX jobs_undecided;

-- Each holds what one question is answered from and nothing else, so that an answer costs the same whatever waits beside
-- it. They begin with the stage although it is fixed: SQLite would otherwise take a larger index.
CREATE INDEX jobs_eligible ON jobs (stage, pool, tenant, priority DESC, accepted_at, job) WHERE stage = 'eligible';
CREATE INDEX jobs_later ON jobs (stage, due_at, job) WHERE stage = 'later';
CREATE INDEX jobs_undecided ON jobs (stage, accepted_at, job) WHERE stage = 'undecided';
CREATE INDEX jobs_doomed ON jobs (stage, accepted_at, job) WHERE stage = 'blocked' AND broken > 0;
CREATE INDEX jobs_expiring ON jobs (expires_at, job) WHERE expires_at IS NOT NULL;
CREATE INDEX jobs_backlog ON jobs (tenant) WHERE stage <> 'none';

CREATE TABLE dependencies (
    job     VARCHAR(64) NOT NULL,
    parent  VARCHAR(64) NOT NULL,
    -- How the parent's newest run ended; empty while it has not. A success stays, whatever runs follow.
    outcome VARCHAR(16),
    PRIMARY KEY (job, parent)
);

CREATE INDEX dependencies_of ON dependencies (parent);
