-- Jobs that consist of jobs. What was there is read again from the topics: which of it is a composite or a part is in them.

DELETE FROM jobs;
DELETE FROM attempts;
DELETE FROM job_events;
DELETE FROM positions;
DELETE FROM dependencies;

-- Whether it is a composite. No pool runs it, its stage is 'composed' from when it could start until it ends, and it is
-- running from its first part on.
ALTER TABLE jobs ADD COLUMN composed INTEGER NOT NULL DEFAULT 0;

-- The composite that it is a part of, its run, and the place in it.
ALTER TABLE jobs ADD COLUMN composite VARCHAR(64);
ALTER TABLE jobs ADD COLUMN composite_run INTEGER;
ALTER TABLE jobs ADD COLUMN phase INTEGER;
ALTER TABLE jobs ADD COLUMN place INTEGER;

CREATE INDEX jobs_composed ON jobs (stage, accepted_at, job) WHERE stage = 'composed';
CREATE INDEX jobs_parts ON jobs (composite, composite_run, phase, place) WHERE composite IS NOT NULL;
-- Parts that nobody has asked to end and that have not; where their composite has ended, somebody will.
CREATE INDEX jobs_open_parts ON jobs (composite, job) WHERE composite IS NOT NULL AND ended_at IS NULL AND run = 1
    AND cancel_run = 0;
