-- Each time that the projection was made from topics and store: who wanted it, how far it is. A build is under way while it has
-- not ended. What was made before this table counts as the first build; that the store was looked through is not known of it.

CREATE TABLE builds (
    build     INTEGER NOT NULL PRIMARY KEY,
    wanted_by TEXT    NOT NULL,
    wanted_at BIGINT  NOT NULL,
    -- When everything older was dropped; when all was read that the topics held; when the store was looked through.
    began_at  BIGINT,
    read_at   BIGINT,
    ended_at  BIGINT,
    -- Jobs of the store that were looked at, and those of them that the topics no longer held, or not all of.
    looked_at INTEGER NOT NULL DEFAULT 0,
    restored  INTEGER NOT NULL DEFAULT 0
);

INSERT INTO builds (build, wanted_by, wanted_at, began_at) VALUES (1, 'the first start', 0, 0);

-- Positions belong to a build: a dispatcher that was paused and goes on with an older one moves nobody else's.
ALTER TABLE positions RENAME TO old_positions;

CREATE TABLE positions (
    topic       TEXT    NOT NULL,
    part        INTEGER NOT NULL,
    build       INTEGER NOT NULL,
    next_offset BIGINT  NOT NULL,
    PRIMARY KEY (topic, part, build)
);

INSERT INTO positions (topic, part, build, next_offset) SELECT topic, part, 1, next_offset FROM old_positions;

DROP TABLE old_positions;
