-- Signing in with Google and Microsoft: one row per server that was ever signed in.
CREATE TABLE signin (
    server       INTEGER PRIMARY KEY CHECK (server IN (1, 2)),
    way          TEXT    NOT NULL CHECK (way IN ('', 'google', 'microsoft', 'microsoft-app')), -- empty: forgotten
    user         TEXT    NOT NULL DEFAULT '',
    sealed       TEXT    NOT NULL DEFAULT '',                    -- refresh token, sealed for the service; never in the clear
    scopes       TEXT    NOT NULL DEFAULT '',                    -- as granted, parted by blanks
    at           INTEGER NOT NULL DEFAULT 0,                     -- when somebody signed in
    renewed_at   INTEGER NOT NULL DEFAULT 0,                     -- when a token was last got
    until_at     INTEGER NOT NULL DEFAULT 0,                     -- when it ends by itself; 0: not known
    rotations    INTEGER NOT NULL,                               -- raised by every change, also by forgetting: see signin.go
    bound        TEXT    NOT NULL DEFAULT '',                    -- data.Server.SignInBound
    trouble      TEXT    NOT NULL DEFAULT '',
    remedy       TEXT    NOT NULL DEFAULT ''
) STRICT;
