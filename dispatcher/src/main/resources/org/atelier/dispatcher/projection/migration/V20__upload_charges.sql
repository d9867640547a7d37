-- Uploads that were counted in "uploads", so that one which is completed twice, or by two dispatchers at once, counts once.

CREATE TABLE upload_charges (
    upload TEXT   NOT NULL PRIMARY KEY,
    tenant TEXT   NOT NULL,
    day    BIGINT NOT NULL
);
