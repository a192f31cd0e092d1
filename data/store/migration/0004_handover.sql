-- A person's sign-in that only the service can finish is a request too: the client secret is sealed for the service alone.
CREATE TABLE request_new (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL CHECK (kind IN ('test', 'probe', 'check', 'notices', 'signin')),
    server      INTEGER NOT NULL DEFAULT 0,
    asked_at    INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL DEFAULT 0,
    done_at     INTEGER NOT NULL DEFAULT 0,
    ok          INTEGER NOT NULL DEFAULT 0,
    result      TEXT    NOT NULL DEFAULT '',
    steps       TEXT    NOT NULL DEFAULT '[]',
    details     TEXT    NOT NULL DEFAULT '',
    sealed      TEXT    NOT NULL DEFAULT ''                      -- what only the service may read, sealed for it; empty once it was taken
) STRICT;
INSERT INTO request_new (id, kind, server, asked_at, taken_at, done_at, ok, result, steps, details)
    SELECT id, kind, server, asked_at, taken_at, done_at, ok, result, steps, details FROM request;
-- Numbers go on where they were: whoever still waits for an answer must not read another's.
DELETE FROM sqlite_sequence WHERE name = 'request_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'request_new', seq FROM sqlite_sequence WHERE name = 'request';
DROP TABLE request;
ALTER TABLE request_new RENAME TO request;
CREATE INDEX request_open ON request (id) WHERE done_at = 0;
