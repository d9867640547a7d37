-- The demand for the slots of each pool as the dispatcher that leads has counted it, for those that do not lead to tell
-- autoscalers. By the clock of the database; not a part of the projection, and old within seconds.

CREATE TABLE demand (
    pool                  TEXT    NOT NULL PRIMARY KEY,
    queued                INTEGER NOT NULL,
    running               INTEGER NOT NULL,
    oldest_queued_seconds BIGINT  NOT NULL,
    written_at            BIGINT  NOT NULL
);
