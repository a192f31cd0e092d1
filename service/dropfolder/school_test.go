package dropfolder_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/dropfolder"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// school is a drop folder on a real disk before a real store, with a clock of its own.
type school struct {
	*testing.T
	dir      string
	store    *store.Store
	used     dropfolder.Store // what the folder gets; the store unless a test stands in between
	folder   *dropfolder.Folder
	now      time.Time
	settings data.Settings
	waited   []time.Duration
	read     func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error)
}

func newSchool(t *testing.T) *school {
	t.Helper()
	s := &school{T: t, dir: filepath.Join(t.TempDir(), "email"), now: time.Now(), settings: data.DefaultSettings()}
	s.settings.From = data.From{Address: "library@school.org", Name: "The Library"}
	s.must(os.Mkdir(s.dir, 0o770))
	db, err := store.Create(context.Background(), filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: s.clock})
	s.must(err)
	s.store, s.used = db, db
	t.Cleanup(func() { s.must(db.Close()) })
	s.open()
	t.Cleanup(func() {
		if s.folder != nil {
			s.must(s.folder.Close())
		}
	})
	return s
}

func (s *school) clock() time.Time { return s.now }

// open opens the folder, as a start of the service does.
func (s *school) open() {
	s.Helper()
	if s.folder != nil {
		s.must(s.folder.Close())
	}
	f, err := dropfolder.Open(s.dir, dropfolder.Options{
		Store: s.used, Now: s.clock,
		Rules: func() mail.Rules {
			return mail.Rules{MaxBytes: 1 << 20, From: s.settings.From, Now: s.now, Host: "school.org"}
		},
		Settings: func() data.Settings { return s.settings },
		Wait: func(_ context.Context, d time.Duration) error {
			s.waited = append(s.waited, d)
			s.now = s.now.Add(d)
			return nil
		},
		Read: func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error) {
			if s.read != nil {
				return s.read(m, name)
			}
			return dropfolder.Read(m, name)
		},
	})
	s.must(err)
	s.folder = f
}

func (s *school) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *school) path(name string) string { return filepath.Join(s.dir, name) }

func (s *school) write(name, content string) {
	s.Helper()
	s.must(os.WriteFile(s.path(name), []byte(content), 0o660))
}

func (s *school) there(name string) bool {
	s.Helper()
	_, err := os.Lstat(s.path(name))
	return err == nil
}

func (s *school) text(name string) string {
	s.Helper()
	b, err := os.ReadFile(s.path(name))
	s.must(err)
	return string(b)
}

// scan looks once.
func (s *school) scan() dropfolder.Report {
	s.Helper()
	r, err := s.folder.Scan(context.Background(), dropfolder.Patience{})
	s.must(err)
	return r
}

// settleDown looks until nothing changes by looking: everything in the folder is older than any patience.
func (s *school) settleDown() dropfolder.Report {
	s.Helper()
	first := s.scan()
	s.now = s.now.Add(11 * time.Minute)
	r := s.scan()
	r.Taken += first.Taken
	r.Refused += first.Refused
	r.Retried += first.Retried
	r.Removed += first.Removed
	r.Messages = append(first.Messages, r.Messages...)
	r.Finished = append(first.Finished, r.Finished...)
	return r
}

// failing looks as settleDown does, and gives the error that must come.
func (s *school) failing() error {
	s.Helper()
	for range 2 {
		if _, err := s.folder.Scan(context.Background(), dropfolder.Patience{}); err != nil {
			return err
		}
		s.now = s.now.Add(11 * time.Minute)
	}
	return nil
}

// queued gives every delivery in the store.
func (s *school) queued() []data.Entry {
	s.Helper()
	all, err := s.store.List(context.Background(), data.ListQuery{Limit: 500})
	s.must(err)
	return all
}

func (s *school) one() data.Entry {
	s.Helper()
	all := s.queued()
	if len(all) != 1 {
		s.Fatalf("%d deliveries are queued, want 1", len(all))
	}
	return all[0]
}

// journal is what people can read, as one text.
func (s *school) journal() string {
	s.Helper()
	lines, err := s.store.Journal(context.Background(), 0, 0, 500)
	s.must(err)
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

func (s *school) told(part string) int { s.Helper(); return strings.Count(s.journal(), part) }

// end gives every waiting delivery of a message the outcome a server might give it, and settles nothing.
func (s *school) end(message int64, states ...data.State) {
	s.Helper()
	ctx := context.Background()
	claim, err := s.store.Next(ctx, nil, &data.Want{
		Now: s.now, Server: 1, Horizon: s.now.Add(time.Hour), TriedLast: s.now.Add(time.Hour), Lease: s.now.Add(time.Hour),
		Recipients: 100, Message: message,
	})
	s.must(err)
	if claim == nil || len(claim.Deliveries) != len(states) {
		s.Fatalf("claimed %+v, want %d recipients", claim, len(states))
	}
	r := data.Result{Claim: claim, Host: "mail.school.org:587", Ended: s.now, Handed: true}
	for i, d := range claim.Deliveries {
		kind := map[data.State]data.Kind{data.Sent: data.KindSent, data.Failed: data.KindPermanent}[states[i]]
		r.Verdicts = append(r.Verdicts, data.Verdict{
			Delivery: d.ID, State: states[i], Charged: true,
			Outcome: data.Outcome{Kind: kind, Phase: data.PhaseRcpt, Code: 550, Sentence: "There is no such mailbox."},
		})
	}
	_, err = s.store.Next(ctx, &r, nil)
	s.must(err)
}

func letter(to ...string) string {
	return fmt.Sprintf("From: Old System <old@school.org>\nTo: %s\nSubject: Overdue\nDate: Mon, 02 Jan 2006 15:04:05 -0700\nMessage-ID: <1@school.org>\n\nPlease bring it back.\n",
		strings.Join(to, ", "))
}
