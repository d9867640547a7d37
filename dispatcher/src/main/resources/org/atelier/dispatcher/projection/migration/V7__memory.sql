-- The device memory that a job needs at least. One that has none here may be run by anybody.

ALTER TABLE jobs ADD COLUMN memory BIGINT;
