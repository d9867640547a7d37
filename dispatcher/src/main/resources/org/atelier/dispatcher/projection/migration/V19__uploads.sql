-- Bytes of pictures that each tenant brought on a day (days since 1970, UTC), for their quotas. Not a part of the projection:
-- neither topics nor store tell it, and a rebuild leaves it as it is.

CREATE TABLE uploads (
    tenant TEXT   NOT NULL,
    day    BIGINT NOT NULL,
    bytes  BIGINT NOT NULL,
    PRIMARY KEY (tenant, day)
);
