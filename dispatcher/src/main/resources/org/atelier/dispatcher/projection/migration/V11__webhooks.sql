-- What webhooks are to be told. Nothing else is dropped for it: what happened before is told to nobody.

CREATE TABLE webhook_notices (
    notice   VARCHAR(255) NOT NULL PRIMARY KEY,
    job      VARCHAR(64)  NOT NULL,
    type     VARCHAR(32)  NOT NULL,
    told_at  BIGINT       NOT NULL,
    read_at  BIGINT       NOT NULL,
    -- Empty once nobody is to be told any more. The row stays for a while, so that an event which is read again is known.
    body     TEXT         NOT NULL,
    -- Whether it was said whom it is for.
    directed INTEGER      NOT NULL DEFAULT 0
);

-- The first column is fixed: SQLite would otherwise take a larger index.
CREATE INDEX webhook_notices_new ON webhook_notices (directed, read_at, notice) WHERE directed = 0;
CREATE INDEX webhook_notices_of ON webhook_notices (job);
CREATE INDEX webhook_notices_age ON webhook_notices (read_at);

CREATE TABLE webhook_deliveries (
    webhook  VARCHAR(16)  NOT NULL,
    notice   VARCHAR(255) NOT NULL,
    failures INTEGER      NOT NULL DEFAULT 0,
    -- When the next attempt is made; empty: it is done, or given up.
    due_at   BIGINT,
    PRIMARY KEY (webhook, notice)
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due_at, notice) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (notice);

CREATE TABLE webhook_standings (
    webhook      VARCHAR(16) NOT NULL PRIMARY KEY,
    delivered_at BIGINT,
    failed_at    BIGINT,
    failure      TEXT
);
