-- What is shown of each attempt: the slot that ran it, and when it was first put into the ready topic of its pool. What was
-- there before has neither; nothing needs to be read again for that.

ALTER TABLE attempts ADD COLUMN slot VARCHAR(64);
ALTER TABLE attempts ADD COLUMN fed_at BIGINT;
