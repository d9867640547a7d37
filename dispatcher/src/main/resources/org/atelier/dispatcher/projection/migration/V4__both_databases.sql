-- Indexes that both databases step along. PostgreSQL leaves out a condition that the index's own implies, and then finds
-- nothing to step by in an index that begins with that column: it would read all of it. SQLite needs no such column here,
-- since no larger index begins with the stage.

DROP INDEX jobs_eligible;
DROP INDEX jobs_later;
DROP INDEX jobs_undecided;
DROP INDEX jobs_doomed;
DROP INDEX jobs_composed;

CREATE INDEX jobs_eligible ON jobs (pool, tenant, priority DESC, accepted_at, job) WHERE stage = 'eligible';
CREATE INDEX jobs_later ON jobs (due_at, job) WHERE stage = 'later';
CREATE INDEX jobs_undecided ON jobs (accepted_at, job) WHERE stage = 'undecided';
CREATE INDEX jobs_doomed ON jobs (accepted_at, job) WHERE stage = 'blocked' AND broken > 0;
CREATE INDEX jobs_composed ON jobs (accepted_at, job) WHERE stage = 'composed';

-- It begins with what its condition fixes: SQLite would otherwise step through all parts there ever were.
DROP INDEX jobs_open_parts;
CREATE INDEX jobs_open_parts ON jobs (run, cancel_run, composite, job) WHERE composite IS NOT NULL AND ended_at IS NULL
    AND run = 1 AND cancel_run = 0;
