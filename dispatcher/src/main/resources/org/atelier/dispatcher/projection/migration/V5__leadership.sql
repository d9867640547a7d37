-- Who leads, until when by the clock of the database, and how often that has changed. One row; not a part of the projection,
-- and not dropped with it.

CREATE TABLE leadership (
    id         INTEGER NOT NULL PRIMARY KEY,
    holder     TEXT    NOT NULL,
    term       BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL
);
