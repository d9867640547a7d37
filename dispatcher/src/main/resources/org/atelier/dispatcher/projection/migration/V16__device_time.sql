-- What each attempt took of a device: when its worker was last heard of, the time that it computed as it told at its end, and
-- whether its run's result is its own. What was there before has only its start and end.

ALTER TABLE attempts ADD COLUMN alive_at BIGINT;
ALTER TABLE attempts ADD COLUMN device_millis BIGINT;
ALTER TABLE attempts ADD COLUMN useful INTEGER NOT NULL DEFAULT 0;

CREATE INDEX attempts_started ON attempts (started_at);
