-- The library's side: people, what they have at home, letters and notices. Days (*_day, due, issued, first, last) are
-- counted from 1 January 1970, without a clock; 0 is none. Moments are as in 0001.

-- One row per person. Only what a notice needs is kept.
CREATE TABLE patron (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    key          TEXT    NOT NULL,                               -- as the library system knows the person
    folded       TEXT    NOT NULL UNIQUE,                        -- key in small letters: compared by this
    card         TEXT    NOT NULL DEFAULT '',
    first_name   TEXT    NOT NULL DEFAULT '',
    last_name    TEXT    NOT NULL DEFAULT '',
    sort         TEXT    NOT NULL,                               -- last name, first name, in small letters without accents
    grp          TEXT    NOT NULL DEFAULT '',
    level        TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL DEFAULT '',
    language     TEXT    NOT NULL DEFAULT '',
    auto_overdue INTEGER NOT NULL DEFAULT 0 CHECK (auto_overdue IN (0, 1)),
    address      TEXT    NOT NULL DEFAULT '',
    hold_until   INTEGER NOT NULL DEFAULT 0,
    hold_reason  TEXT    NOT NULL DEFAULT '',
    left_day     INTEGER NOT NULL DEFAULT 0,                     -- missing from the complete list since; 0: there
    changed_at   INTEGER NOT NULL,
    by_hand      TEXT    NOT NULL DEFAULT '',                    -- JSON of data.Patron.ByHand; empty: nothing
    revision     INTEGER NOT NULL DEFAULT 0                      -- library.revision when the row was last written
) STRICT;

CREATE INDEX patron_sort ON patron (sort, id);

-- What the list of patrons is searched by: one line for each patron, 512 numbers to a part. Reading it as a whole is
-- quicker than any index of words, and an import writes it in a few rows. See roll.go.
CREATE TABLE roll (
    part         INTEGER PRIMARY KEY,                            -- patron.id / 512
    lines        BLOB    NOT NULL,
    revision     INTEGER NOT NULL DEFAULT 0                      -- library.revision when it was last written
) STRICT;
CREATE INDEX patron_left ON patron (left_day) WHERE left_day <> 0;

-- Adults of a patron, in the order of the list.
CREATE TABLE guardian (
    patron       INTEGER NOT NULL REFERENCES patron (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    name         TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL,
    role         TEXT    NOT NULL DEFAULT '',
    notices      INTEGER NOT NULL CHECK (notices IN (0, 1)),
    PRIMARY KEY (patron, seq)
) STRICT, WITHOUT ROWID;

-- What is out, and what came back since it was first seen.
CREATE TABLE loan (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    patron       INTEGER NOT NULL REFERENCES patron (id) ON DELETE CASCADE,
    key          TEXT    NOT NULL UNIQUE,                        -- data.Loan.Key
    barcode      TEXT    NOT NULL DEFAULT '',
    title        TEXT    NOT NULL DEFAULT '',
    author       TEXT    NOT NULL DEFAULT '',
    call_number  TEXT    NOT NULL DEFAULT '',
    due          INTEGER NOT NULL,
    issued       INTEGER NOT NULL DEFAULT 0,
    price        TEXT    NOT NULL DEFAULT '',
    hold_until   INTEGER NOT NULL DEFAULT 0,
    hold_reason  TEXT    NOT NULL DEFAULT '',
    returned_at  INTEGER NOT NULL DEFAULT 0                      -- missing from the list since; 0: still out
) STRICT;

CREATE INDEX loan_patron ON loan (patron, returned_at, due);
CREATE INDEX loan_due ON loan (due, patron) WHERE returned_at = 0;
CREATE INDEX loan_back ON loan (returned_at) WHERE returned_at <> 0;

-- Addresses mail does not arrive at, for everybody who uses them. Those without a row are well.
CREATE TABLE address (
    address      TEXT    PRIMARY KEY,                            -- data.Address.Key
    health       TEXT    NOT NULL CHECK (health IN ('failed', 'refused')),
    reason       TEXT    NOT NULL,
    since_at     INTEGER NOT NULL,
    message      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- How the columns of a system's lists become ours: JSON of data.Mapping.
CREATE TABLE mapping (
    name         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    mapping      TEXT    NOT NULL,
    saved_at     INTEGER NOT NULL,
    PRIMARY KEY (name, kind)
) STRICT, WITHOUT ROWID;

-- Imports that were done.
CREATE TABLE import (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('patrons', 'loans', 'addresses')),
    file         TEXT    NOT NULL,
    mapping      TEXT    NOT NULL DEFAULT '',
    taken_at     INTEGER NOT NULL,                               -- when the list was made
    complete     INTEGER NOT NULL CHECK (complete IN (0, 1)),
    counts       TEXT    NOT NULL,                               -- JSON: rows, new, changed, gone, same, problems, notices
    revision     INTEGER NOT NULL DEFAULT 0,                     -- library.revision it wrote
    new_first    INTEGER NOT NULL DEFAULT 0,                     -- numbers of the rows it made, which follow each other
    new_last     INTEGER NOT NULL DEFAULT -1,
    kept         INTEGER NOT NULL DEFAULT 1,                     -- what undoing it needs is still there
    undone_at    INTEGER NOT NULL DEFAULT 0,
    origin       TEXT    NOT NULL DEFAULT ''                     -- which file of the folder for lists it was: data.Batch.Origin; empty: a person's
) STRICT;

-- The same file is never taken in twice, whoever tries.
CREATE UNIQUE INDEX import_origin ON import (origin) WHERE origin <> '';

-- What the last import of a kind found before it changed it, so that it can be undone. before is JSON of the row with
-- what hangs on it. Rows it made are known by their numbers: see import.new_first.
CREATE TABLE import_row (
    import       INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    what         TEXT    NOT NULL CHECK (what IN ('patron', 'loan', 'delivery')),
    id           INTEGER NOT NULL,
    before       TEXT    NOT NULL,
    PRIMARY KEY (import, what, id)
) STRICT, WITHOUT ROWID;

-- Runs of automatic notices.
CREATE TABLE run (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    day          INTEGER NOT NULL,
    from_day     INTEGER NOT NULL,
    began_at     INTEGER NOT NULL,
    ended_at     INTEGER NOT NULL DEFAULT 0,
    state        TEXT    NOT NULL CHECK (state IN ('planned', 'awaiting', 'held', 'done', 'refused')),
    why          TEXT    NOT NULL DEFAULT '',
    practice     INTEGER NOT NULL CHECK (practice IN (0, 1)),
    planned      INTEGER NOT NULL DEFAULT 0,
    queued       INTEGER NOT NULL DEFAULT 0,
    print        INTEGER NOT NULL DEFAULT 0,
    skipped      INTEGER NOT NULL DEFAULT 0,
    unwritten    INTEGER NOT NULL DEFAULT 0                      -- loans whose notice could not be written, to be made up for
) STRICT;

CREATE INDEX run_day ON run (day, id);

-- The ledger: what was told, once for each loan, due date, stage and role. It outlives the messages, the loans and the
-- patrons, so loans stand in it by their key and message may be gone.
CREATE TABLE ledger (
    loan         TEXT    NOT NULL,
    due          INTEGER NOT NULL,
    stage        TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role IN ('patron', 'guardian')),
    practice     INTEGER NOT NULL CHECK (practice IN (0, 1)),
    message      INTEGER NOT NULL DEFAULT 0,                     -- that tells it; 0: it counts as told without one
    run          INTEGER NOT NULL DEFAULT 0,
    at           INTEGER NOT NULL,
    PRIMARY KEY (loan, due, stage, role, practice)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_message ON ledger (message) WHERE message <> 0;
CREATE INDEX ledger_due ON ledger (due);

-- Mails about patrons: letters and notices, with what they speak of. Lives as long as the message.
CREATE TABLE letter (
    message      INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    patron       INTEGER NOT NULL,
    run          INTEGER NOT NULL DEFAULT 0,
    letter       TEXT    NOT NULL DEFAULT '',                    -- key of the template
    role         TEXT    NOT NULL DEFAULT 'patron',
    loans        TEXT    NOT NULL DEFAULT '[]',                  -- JSON list of loan keys
    dues         TEXT    NOT NULL DEFAULT '[]',                  -- JSON list of the due dates it speaks of, one for each of loans; 0: not known
    disclosure   TEXT    NOT NULL DEFAULT '',                    -- how much it says to a guardian; '': titles
    worded_at    INTEGER NOT NULL DEFAULT 0,                     -- when its text was last written anew; 0: when it was queued
    digest       TEXT    NOT NULL DEFAULT ''                     -- of its words, to know the same letter again; '': not known
) STRICT;

CREATE INDEX letter_patron ON letter (patron, message);
-- Letters and notices (classes 4 and 6 of 0001) that did not end, to be looked at again when loans change. The state is
-- not in it, so that claims leave it alone.
CREATE INDEX delivery_letter ON delivery (message) WHERE class IN (4, 6);

-- Why a patron did, or did not, get a notice. Kept as long as history is.
CREATE TABLE decision (
    run          INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    patron       INTEGER NOT NULL,
    loan         TEXT    NOT NULL,
    title        TEXT    NOT NULL DEFAULT '',
    due          INTEGER NOT NULL,
    stage        TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    ruling       TEXT    NOT NULL,
    detail       TEXT    NOT NULL DEFAULT '',
    message      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX decision_patron ON decision (patron, at);

-- What a person or an import did to a patron, for the timeline.
CREATE TABLE patron_event (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    patron       INTEGER NOT NULL REFERENCES patron (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    kind         TEXT    NOT NULL,                               -- 'import', 'person', 'address'
    text         TEXT    NOT NULL
) STRICT;

CREATE INDEX patron_event_patron ON patron_event (patron, at);

-- Texts of letters that were changed or made here, every version; the newest is in force. gone: back to the original.
CREATE TABLE template (
    key          TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    saved_at     INTEGER NOT NULL,
    template     TEXT    NOT NULL,                               -- JSON of data.Template
    gone         INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    PRIMARY KEY (key, language, saved_at)
) STRICT, WITHOUT ROWID;

-- Days on which the library is closed.
CREATE TABLE closed (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    name         TEXT    NOT NULL DEFAULT '',
    source       TEXT    NOT NULL DEFAULT '',
    CHECK (last >= first)
) STRICT;

-- What differs for one group.
CREATE TABLE group_rule (
    grp          TEXT    PRIMARY KEY,
    disclosure   TEXT    NOT NULL DEFAULT '',
    excluded     INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1))
) STRICT, WITHOUT ROWID;

-- One row: counters of the library's side.
CREATE TABLE library (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    revision     INTEGER NOT NULL DEFAULT 0,                     -- raised by every change to patrons, loans, addresses, and to what guardians are told
    notices_from INTEGER NOT NULL DEFAULT 0,                     -- first day automatic notices may speak of: when they were switched on
    approved_at  INTEGER NOT NULL DEFAULT 0,                     -- when a person first approved a real run; 0: not yet
    letters      INTEGER NOT NULL DEFAULT 0,                     -- raised by every letter or notice that begins to wait
    looked       INTEGER NOT NULL DEFAULT -1,                    -- revision up to which waiting letters were looked at; -1: look again
    looked_day   INTEGER NOT NULL DEFAULT 0                      -- and the day on which that was
) STRICT;

INSERT INTO library (one) VALUES (1);

-- Whatever makes a letter wait (queued, sent again, taken back, an import undone), it is looked at before it leaves.
CREATE TRIGGER letter_waits AFTER INSERT ON delivery WHEN new.class IN (4, 6) BEGIN
    UPDATE library SET letters = letters + 1, looked = -1;
END;

-- And whatever changes what guardians are told, or who gets notices: what waits is looked at again.
CREATE TRIGGER rule_made AFTER INSERT ON group_rule BEGIN
    UPDATE library SET revision = revision + 1;
END;
CREATE TRIGGER rule_ended AFTER DELETE ON group_rule BEGIN
    UPDATE library SET revision = revision + 1;
END;
CREATE TRIGGER disclosure_made AFTER INSERT ON setting WHEN new.name = 'overdue.disclosure' BEGIN
    UPDATE library SET revision = revision + 1;
END;
CREATE TRIGGER disclosure_changed AFTER UPDATE ON setting WHEN new.name = 'overdue.disclosure' BEGIN
    UPDATE library SET revision = revision + 1;
END;
CREATE TRIGGER disclosure_ended AFTER DELETE ON setting WHEN old.name = 'overdue.disclosure' BEGIN
    UPDATE library SET revision = revision + 1;
END;
