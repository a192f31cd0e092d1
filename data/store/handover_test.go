package store_test

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// upTo is the migrations of an older program.
func upTo(t *testing.T, last int) fs.FS {
	t.Helper()
	names, err := fs.Glob(store.MigrationFiles(), "migration/*.sql")
	ok(t, err)
	files := fstest.MapFS{}
	for _, name := range names[:last] {
		b, err := fs.ReadFile(store.MigrationFiles(), name)
		ok(t, err)
		files[name] = &fstest.MapFile{Data: b}
	}
	return files
}

// sealedIn is what stands in the column, whoever may read it.
func sealedIn(t *testing.T, s *store.Store, id int64) (text string) {
	t.Helper()
	ok(t, s.View(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(t.Context(), `SELECT sealed FROM request WHERE id = ?`, id).Scan(&text)
	}))
	return text
}

func TestHandover(t *testing.T) {
	const code = data.SealedPrefix + "code"
	handed := data.Request{Kind: data.RequestSignIn, Server: 1, Sealed: code}
	t.Run("what is sealed is given to who takes it, once, and is gone by then", func(t *testing.T) {
		s := made(t)
		id, err := s.Ask(t.Context(), handed)
		ok(t, err)
		seen, err := s.Request(t.Context(), id)
		ok(t, err)
		wantEqual(t, "shown to who only looks", seen.Sealed, "")
		wantEqual(t, "stored", sealedIn(t, s, id), code)
		r, err := s.TakeRequest(t.Context())
		ok(t, err)
		wantEqual(t, "given", r.Sealed, code)
		wantEqual(t, "kind", r.Kind, data.RequestSignIn)
		wantEqual(t, "left", sealedIn(t, s, id), "")
	})
	t.Run("after a minute nobody takes it, it is gone, and that is said", func(t *testing.T) {
		now := noon
		s := madeAt(t, filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: func() time.Time { return now }})
		id, err := s.Ask(t.Context(), handed)
		ok(t, err)
		other, err := s.Ask(t.Context(), data.Request{Kind: data.RequestTest})
		ok(t, err)
		now = now.Add(61 * time.Second)
		r, err := s.TakeRequest(t.Context())
		ok(t, err)
		wantEqual(t, "taken", r.ID, other) // which is worth answering for longer
		closed, err := s.Request(t.Context(), id)
		ok(t, err)
		if closed.Done.IsZero() || closed.OK || !strings.Contains(closed.Result, "Nobody answered") || sealedIn(t, s, id) != "" {
			t.Errorf("%+v %q", closed, sealedIn(t, s, id))
		}
	})
	t.Run("it can be taken back until somebody has it", func(t *testing.T) {
		s := made(t)
		id, err := s.Ask(t.Context(), handed)
		ok(t, err)
		back, err := s.TakeBackRequest(t.Context(), id, "Given up.")
		ok(t, err)
		r, err := s.TakeRequest(t.Context())
		ok(t, err)
		if !back || r != nil || sealedIn(t, s, id) != "" {
			t.Errorf("%v %v %q", back, r, sealedIn(t, s, id))
		}
		id, err = s.Ask(t.Context(), handed)
		ok(t, err)
		_, err = s.TakeRequest(t.Context())
		ok(t, err)
		back, err = s.TakeBackRequest(t.Context(), id, "Given up.")
		ok(t, err)
		seen, err := s.Request(t.Context(), id)
		ok(t, err)
		if back || !seen.Done.IsZero() {
			t.Errorf("%v %+v", back, seen)
		}
	})
	t.Run("an upgrade from the version before keeps every request, and their numbers go on", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "gateway.db")
		old, err := store.CreateAs(t.Context(), path, upTo(t, 3))
		ok(t, err)
		ok(t, old.Update(t.Context(), func(tx *store.Tx) error {
			for _, q := range []string{
				`INSERT INTO request (id, kind, server, asked_at, taken_at, done_at, ok, result, steps, details) VALUES (5, 'probe', 2, 1000, 2000, 3000, 1, 'Good.', '[{"name":"name","ok":true,"text":"x","took_ns":0}]', '{"a":1}')`,
				`INSERT INTO request (id, kind, asked_at) VALUES (9, 'test', 4000)`,
				`DELETE FROM request WHERE id = 9`,
			} {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
			return nil
		}))
		shut(t, old)
		s, err := store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		defer shut(t, s)
		r, err := s.Request(t.Context(), 5)
		ok(t, err)
		if r.Kind != data.RequestProbe || r.Server != 2 || r.Done.UnixMilli() != 3000 || !r.OK || r.Result != "Good." || len(r.Steps) != 1 || string(r.Details) != `{"a":1}` {
			t.Errorf("%+v", r)
		}
		id, err := s.Ask(t.Context(), handed)
		ok(t, err)
		wantEqual(t, "the next number", id, int64(10))
		wantEqual(t, "copies made before", len(backupsOf(t, path)), 1)
		if _, err := s.Ask(t.Context(), data.Request{Kind: "dance"}); err == nil {
			t.Error("a kind that nobody knows is taken")
		}
	})
}
