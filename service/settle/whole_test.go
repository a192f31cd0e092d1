package settle_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/store"
	"smtpgateway/service/dropfolder"
	"smtpgateway/service/settle"
)

// The whole way of a file: folder, real store, outcome, and home again.
func TestWholeWay(t *testing.T) {
	ctx := context.Background()
	now := time.Now()
	clock := func() time.Time { return now }
	dir := filepath.Join(t.TempDir(), "email")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(dir, 0o770))
	db, err := store.Create(ctx, filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: clock})
	must(err)
	t.Cleanup(func() { must(db.Close()) })
	settings := data.DefaultSettings()
	settings.From = data.From{Address: "library@school.org"}
	folder, err := dropfolder.Open(dir, dropfolder.Options{
		Store: db, Now: clock, Settings: func() data.Settings { return settings },
		Rules: func() mail.Rules { return mail.Rules{MaxBytes: settings.MaxBytes(), From: settings.From, Now: now} },
		Wait:  func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil },
	})
	must(err)
	t.Cleanup(func() { must(folder.Close()) })
	settler := settle.New(settle.Options{Store: db, Now: clock, Open: func() (*os.Root, error) { return os.OpenRoot(dir) }})

	look := func() dropfolder.Report {
		t.Helper()
		now = now.Add(time.Minute)
		r, err := folder.Scan(ctx, dropfolder.Patience{Both: true})
		must(err)
		return r
	}
	end := func(states map[string]data.State) {
		t.Helper()
		claim, err := db.Next(ctx, nil, &data.Want{Now: now, Server: 1, Horizon: now, TriedLast: now.Add(time.Hour), Lease: now.Add(time.Hour), Recipients: 100})
		must(err)
		if claim == nil {
			t.Fatal("nothing to send")
		}
		r := data.Result{Claim: claim, Host: "mail.school.org:587", Ended: now, Handed: true}
		for _, d := range claim.Deliveries {
			v := data.Verdict{Delivery: d.ID, State: states[d.Recipient], Charged: true, Outcome: data.Outcome{Kind: data.KindSent, Phase: data.PhaseDot}}
			if v.State == data.Failed {
				v.Outcome = data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseRcpt, Code: 550, Line: "550 no such user", Sentence: "There is no such mailbox."}
			}
			r.Verdicts = append(r.Verdicts, v)
		}
		_, err = db.Next(ctx, &r, nil)
		must(err)
	}
	there := func(name string) bool { _, err := os.Lstat(filepath.Join(dir, name)); return err == nil }
	settleAll := func() settle.Report {
		t.Helper()
		r, err := settler.Settle(ctx, settings, "pc.school.org")
		must(err)
		return r
	}

	must(os.WriteFile(filepath.Join(dir, "a.tmp"), []byte("To: has@school.org, no@school.org\nSubject: s\n\nbody\n"), 0o600))
	if r := look(); r.Taken != 1 {
		t.Fatalf("%+v", r)
	}
	end(map[string]data.State{"has@school.org": data.Sent, "no@school.org": data.Failed})
	if r := settleAll(); r.Bad != 1 || r.Returns != 1 || !there("a.BAD") {
		t.Fatalf("%+v", r)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "a.BAD.txt")); err != nil || !strings.Contains(string(text), "no@school.org") || strings.Contains(string(text), "has@school.org") {
		t.Fatalf("%s, %v", text, err)
	}
	end(map[string]data.State{"library@school.org": data.Failed}) // the return mail fails, and is not returned
	if r := settleAll(); r.Returns != 0 || r.Settled != 1 {
		t.Fatalf("%+v", r)
	}
	look()
	must(os.Rename(filepath.Join(dir, "a.BAD"), filepath.Join(dir, "a.TMP")))
	if r := look(); r.Retried != 1 || r.Taken != 0 {
		t.Fatalf("%+v", r)
	}
	end(map[string]data.State{"no@school.org": data.Sent})
	if r := settleAll(); r.Removed != 1 || there("a.TMP") || there("a.BAD.txt") {
		t.Fatalf("%+v", r)
	}
	left, err := os.ReadDir(dir)
	if err = errors.Join(err); err != nil || len(left) != 0 {
		t.Fatalf("%v, %v", left, err)
	}
	if r := look(); r.Taken+r.Removed+len(r.Finished) != 0 {
		t.Fatalf("%+v", r)
	}
	all, err := db.List(ctx, data.ListQuery{Limit: 10})
	must(err)
	if len(all) != 3 {
		t.Fatalf("%+v", all)
	}
	told, err := settler.DailyLog(ctx, settings, now)
	if err != nil || told {
		t.Fatalf("%v, %v", told, err)
	}
	now = now.Add(25 * time.Hour)
	if told, err = settler.DailyLog(ctx, settings, now); err != nil || !told {
		t.Fatalf("%v, %v", told, err)
	}
}

func TestSweep(t *testing.T) {
	t.Run("old .BAD files of ours go with their reasons, others stay", func(t *testing.T) {
		d := newDesk(t)
		d.message("old.tmp", data.Failed)
		d.message("new.tmp", data.Failed)
		d.must(os.WriteFile(d.path("person.BAD"), nil, 0o600))
		d.settle()
		long := time.Now().AddDate(0, 0, -61)
		for _, name := range []string{"old.BAD", "old.BAD.txt", "person.BAD"} {
			d.must(os.Chtimes(d.path(name), long, long))
		}
		n, err := d.settler.Sweep(context.Background(), d.settings)
		if err != nil || n != 1 || d.there("old.BAD") || d.there("old.BAD.txt") || !d.there("new.BAD") || !d.there("person.BAD") {
			t.Fatalf("%d, %v", n, err)
		}
	})
}
