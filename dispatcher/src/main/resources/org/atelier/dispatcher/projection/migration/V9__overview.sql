-- A tenant's jobs at a glance: by type and state, and what ended lately.
CREATE INDEX jobs_kinds ON jobs (tenant, type, state) WHERE request IS NOT NULL;
CREATE INDEX jobs_ended ON jobs (tenant, ended_at, state) WHERE ended_at IS NOT NULL;
