-- The persons that jobs are about, by the caller's names for them.
CREATE TABLE subjects (
    tenant  VARCHAR(63) NOT NULL,
    subject VARCHAR(64) NOT NULL,
    job     VARCHAR(64) NOT NULL,
    PRIMARY KEY (tenant, subject, job)
);

CREATE INDEX subjects_of ON subjects (job);

-- Ids of jobs that were erased. What the topics still tell of them is not taken in again.
CREATE TABLE erased (
    job VARCHAR(64) NOT NULL PRIMARY KEY
);
