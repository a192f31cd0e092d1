-- The queue and what is known of it. Times are Unix milliseconds (UTC) in INTEGER columns named *_at; spans are
-- milliseconds named *_ms; yes/no is 0/1. Numbers given out are never used again (AUTOINCREMENT).

-- One row per mail. Its bytes are in body, its recipients in delivery (live) and history (ended).
CREATE TABLE message (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    class       INTEGER NOT NULL CHECK (class BETWEEN 0 AND 7),  -- data.Class: lower goes first
    door        TEXT    NOT NULL,                                -- data.Door: where it came in
    message_id  TEXT    NOT NULL,                                -- Message-ID field, with brackets
    sender      TEXT    NOT NULL,                                -- envelope sender; '' is the null sender
    no_return   INTEGER NOT NULL CHECK (no_return IN (0, 1)),    -- never answered with a return mail
    from_text   TEXT    NOT NULL,                                -- From, To, Subject for people: decoded, cleaned
    to_text     TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    size        INTEGER NOT NULL,                                -- octets on the wire
    sha256      BLOB    NOT NULL CHECK (length(sha256) = 32),    -- over those octets
    eight_bit   INTEGER NOT NULL CHECK (eight_bit IN (0, 1)),
    utf8        INTEGER NOT NULL CHECK (utf8 IN (0, 1)),
    practice    INTEGER NOT NULL CHECK (practice IN (0, 1)),     -- goes to test_to
    queued_at   INTEGER NOT NULL,
    file        TEXT    NOT NULL DEFAULT '',                     -- base name of the dropped file; '' is none
    crashes     INTEGER NOT NULL DEFAULT 0                       -- times the program died with it in its hands
) STRICT;

CREATE INDEX message_queued ON message (queued_at);
CREATE INDEX message_file ON message (file) WHERE file <> '';

-- The bytes, in rows of at most 256 KiB so that memory stays small. Row 0 is the header block with its blank line.
CREATE TABLE body (
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    PRIMARY KEY (message, seq)
) STRICT; -- with a rowid: without one, the octets would stand in the inner nodes of the tree and make it deep

-- Live work: one row per recipient that is waiting, sending or held. What ends moves to history, so the cost of a
-- check does not grow with the archive.
CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    class       INTEGER NOT NULL,                                -- as in message: the order of the queue
    practice    INTEGER NOT NULL,                                -- as in message
    recipient   TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'held')),
    due_at      INTEGER NOT NULL,                                -- not tried before
    deferred    INTEGER NOT NULL DEFAULT 0 CHECK (deferred IN (0, 1)), -- tried before: takes turns with new ones
    attempts    INTEGER NOT NULL DEFAULT 0,                      -- tries that count
    first_ms    INTEGER NOT NULL DEFAULT -1,                     -- running clock at the first try; -1: none
    tried_at    INTEGER NOT NULL DEFAULT 0,                      -- when the last try began; 0: none
    uncertain   INTEGER NOT NULL DEFAULT 0,                      -- times lost after the final dot
    bound       INTEGER NOT NULL DEFAULT 0 CHECK (bound BETWEEN 0 AND 2),
    reason      TEXT    NOT NULL DEFAULT '',                     -- why it stands where it stands, one sentence
    remedy      TEXT    NOT NULL DEFAULT '',
    code        INTEGER NOT NULL DEFAULT 0,
    enhanced    TEXT    NOT NULL DEFAULT '',
    line        TEXT    NOT NULL DEFAULT '',
    changed_at  INTEGER NOT NULL,
    server      INTEGER NOT NULL DEFAULT 0                       -- while sending: through which server
) STRICT;

-- Dispatch looks for the first due row of a class, new ones and deferred ones apart.
CREATE INDEX delivery_due ON delivery (class, deferred, due_at, id) WHERE state = 'waiting';
-- In practice mode only practice copies go: they must not be looked for among everything that waits.
CREATE INDEX delivery_practice ON delivery (class, deferred, due_at, id) WHERE state = 'waiting' AND practice = 1;
-- What may have arrived goes through its own server only.
CREATE INDEX delivery_bound ON delivery (class, deferred, due_at, id) WHERE state = 'waiting' AND bound <> 0;
-- Who has been tried for longest, to be given up in time.
CREATE INDEX delivery_first ON delivery (first_ms, id) WHERE state = 'waiting' AND first_ms >= 0;
CREATE INDEX delivery_message ON delivery (message);
CREATE INDEX delivery_state ON delivery (state, id);
CREATE INDEX delivery_uncertain ON delivery (id) WHERE uncertain > 0;

-- What ended: sent, failed, cancelled. The id is the one it had in delivery.
CREATE TABLE history (
    id          INTEGER PRIMARY KEY,
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    class       INTEGER NOT NULL,
    practice    INTEGER NOT NULL,
    recipient   TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('sent', 'failed', 'cancelled')),
    attempts    INTEGER NOT NULL,
    first_ms    INTEGER NOT NULL,
    tried_at    INTEGER NOT NULL,
    uncertain   INTEGER NOT NULL,
    bound       INTEGER NOT NULL DEFAULT 0,
    reason      TEXT    NOT NULL,
    remedy      TEXT    NOT NULL,
    code        INTEGER NOT NULL,
    enhanced    TEXT    NOT NULL,
    line        TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL,                                -- when it ended
    server      INTEGER NOT NULL DEFAULT 0,                      -- which server had the last word
    settled     INTEGER NOT NULL CHECK (settled IN (0, 1))       -- file and return mail are done
) STRICT;

CREATE INDEX history_message ON history (message);
CREATE INDEX history_state ON history (state, id);
CREATE INDEX history_changed ON history (changed_at, state);
CREATE INDEX history_unsettled ON history (message) WHERE settled = 0;

-- Every try of every delivery: what a person reads when asking why. delivery is an id of delivery or history. The key
-- keeps the tries of a message together, so that writing one changes one page of the file and no other index.
CREATE TABLE attempt (
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    delivery    INTEGER NOT NULL,
    number      INTEGER NOT NULL DEFAULT 1,                      -- of the tries of this delivery: 1 is the first
    server      INTEGER NOT NULL,
    host        TEXT    NOT NULL DEFAULT '',                     -- host:port
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL DEFAULT 0,                      -- 0: under way, or the program died
    charged     INTEGER NOT NULL DEFAULT 0 CHECK (charged IN (0, 1)),
    kind        TEXT    NOT NULL DEFAULT '',                     -- data.Kind; '' while under way
    phase       TEXT    NOT NULL DEFAULT '',
    code        INTEGER NOT NULL DEFAULT 0,
    enhanced    TEXT    NOT NULL DEFAULT '',
    line        TEXT    NOT NULL DEFAULT '',
    sentence    TEXT    NOT NULL DEFAULT '',
    remedy      TEXT    NOT NULL DEFAULT '',
    blame       TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (message, delivery, number)
) STRICT, WITHOUT ROWID;

-- Dropped files seen, by identity, so that none is taken twice. Kept 30 days after the file was seen to be gone.
CREATE TABLE origin (
    key         TEXT    PRIMARY KEY,
    name        TEXT    NOT NULL,
    message     INTEGER NOT NULL DEFAULT 0,                      -- 0: refused, never a message
    seen_at     INTEGER NOT NULL,
    gone_at     INTEGER NOT NULL DEFAULT 0                       -- 0: still there
) STRICT, WITHOUT ROWID;

CREATE INDEX origin_message ON origin (message) WHERE message <> 0;
CREATE INDEX origin_here ON origin (key) WHERE gone_at = 0;
CREATE INDEX origin_gone ON origin (gone_at) WHERE gone_at <> 0;

-- Settings that differ from their default, by the names of DESIGN 5. Passwords are sealed.
CREATE TABLE setting (
    name        TEXT    PRIMARY KEY,
    value       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What other programs ask of the service: test, probe, check, notices. steps is a JSON list of data.Step.
CREATE TABLE request (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL CHECK (kind IN ('test', 'probe', 'check', 'notices')),
    server      INTEGER NOT NULL DEFAULT 0,
    asked_at    INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL DEFAULT 0,
    done_at     INTEGER NOT NULL DEFAULT 0,
    ok          INTEGER NOT NULL DEFAULT 0,
    result      TEXT    NOT NULL DEFAULT '',
    steps       TEXT    NOT NULL DEFAULT '[]',
    details     TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX request_open ON request (id) WHERE done_at = 0;

-- What happened, for people.
CREATE TABLE journal (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    event       INTEGER NOT NULL DEFAULT 0,
    message     INTEGER NOT NULL DEFAULT 0,
    text        TEXT    NOT NULL
) STRICT;

CREATE INDEX journal_at ON journal (at);

-- How the servers are doing, so that a restart hammers nobody.
CREATE TABLE server (
    server      INTEGER PRIMARY KEY CHECK (server IN (1, 2)),
    until_at    INTEGER NOT NULL,
    pause       TEXT    NOT NULL,
    step        INTEGER NOT NULL,
    since_at    INTEGER NOT NULL,
    outcome     TEXT    NOT NULL                                 -- JSON of data.Outcome
) STRICT;

-- Recipients handed to a server, by minute, for its cap in a sliding 24 hours.
CREATE TABLE usage (
    server      INTEGER NOT NULL,
    minute      INTEGER NOT NULL,                                -- Unix minutes
    recipients  INTEGER NOT NULL,
    PRIMARY KEY (server, minute)
) STRICT, WITHOUT ROWID;

-- One row: what the service says of itself, and the counters that must outlive it.
CREATE TABLE service (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    heartbeat   TEXT    NOT NULL DEFAULT '{}',                   -- JSON of data.Heartbeat
    revision    INTEGER NOT NULL DEFAULT 0,                      -- of the settings, raised by each save
    checks      INTEGER NOT NULL DEFAULT 0,                      -- raised by each check; compared with the counter beside the key
    running_ms  INTEGER NOT NULL DEFAULT 0,                      -- how long services have run on this store, in all
    pace_at     INTEGER NOT NULL DEFAULT 0,                      -- start of the running interval
    pace_used   INTEGER NOT NULL DEFAULT 0,                      -- messages handed over in it
    log_at      INTEGER NOT NULL DEFAULT 0,                      -- up to when the daily log has told
    tested_at   INTEGER NOT NULL DEFAULT 0,                      -- last tested on
    test_ok     INTEGER NOT NULL DEFAULT 0,
    test_result TEXT    NOT NULL DEFAULT '',                     -- last test result
    stamped     TEXT    NOT NULL DEFAULT ''                      -- From that everything waiting bears, as the gateway writes it
) STRICT;

INSERT INTO service (one) VALUES (1);

-- Search in addresses and subjects: trigrams find any part of three letters or more. rowid is message.id.
CREATE VIRTUAL TABLE words USING fts5 (subject, addresses, content='', contentless_delete=1, tokenize='trigram');
