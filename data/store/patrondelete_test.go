package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

// xenia is somebody whose name and addresses are found nowhere else.
func xenia() data.Patron {
	p := person("XK-4711", "Xenia", "Quastenflosser", "5A")
	p.Email, p.Card, p.Address = "xenia.quastenflosser@school.org", "CARD-XK-4711", "Xylophonweg 12"
	p.Guardians = []data.Guardian{{Name: "Zenobia Quastenflosser", Email: "zenobia@quastenflosser.org", Notices: true}, {Name: "Shared", Email: "shared@home.org", Notices: true}}
	return p
}

// traces are words of xenia that must be nowhere afterwards.
var traces = []string{"xenia", "quastenflosser", "zenobia", "xk-4711", "xylophonweg"}

// busySchool has much about xenia, and as much about Ole, who shares an address.
func busySchool(t *testing.T) (*school, data.Patron, data.Patron) {
	t.Helper()
	l := newSchool(t)
	other := person("P2", "Ole", "Ek", "6B")
	other.Guardians = []data.Guardian{{Name: "Shared", Email: "shared@home.org", Notices: true}}
	people := []data.Patron{xenia(), other}
	for i := range 40 {
		people = append(people, person(fmt.Sprint("F", i), fmt.Sprint("First", i), fmt.Sprint("Last", i), "7C"))
	}
	all := l.people(people...)
	var loans []data.Changed
	for i := range 12 {
		loans = append(loans, loanOf(&all[0], fmt.Sprint("x", i), fmt.Sprint("Book ", i), november-3), loanOf(&all[1], fmt.Sprint("o", i), fmt.Sprint("Book ", i), november-3))
	}
	l.lend(loans...)
	own, others := l.loans(all[0].ID), l.loans(all[1].ID)
	l.back(own[0], others[0])
	p := all[0]
	p.Level = "5"
	_, err := l.SavePatron(t.Context(), p)
	ok(t, err)
	ok(t, l.HoldPatron(t.Context(), p.ID, november, "xenia is ill"))
	for _, who := range []struct {
		p     *data.Patron
		loans []data.Loan
	}{{&all[0], own}, {&all[1], others}} {
		m := newMessage(class(data.ClassNotice), to(who.p.Email), subject("Books of "+who.p.Name()))
		m.Door, m.Header = data.DoorNotice, []byte("Subject: Books\r\nTo: "+who.p.Email+"\r\n\r\n")
		m.Body = strings.NewReader(strings.Repeat("Dear "+who.p.Name()+", bring it back.\r\n", 300))
		key := data.NoticeKey{Loan: who.loans[1].Key, Due: who.loans[1].Due, Stage: "+3", Role: data.RolePatron}
		_, err := l.QueueLetters(t.Context(), []data.Letter{{Message: m, Patron: who.p.ID, Loans: []string{key.Loan}, Notices: []data.NoticeKey{key}, Role: data.RolePatron}})
		ok(t, err)
	}
	run, err := l.BeginRun(t.Context(), data.Run{Day: november, From: november})
	ok(t, err)
	ok(t, l.SaveDecisions(t.Context(), run.ID, []data.Decision{
		{Patron: p.ID, Loan: own[1].Key, Title: "Book", Due: november, Stage: "+3", Role: data.RolePatron, Ruling: data.RulingSend, Detail: p.Email},
		{Patron: all[1].ID, Loan: others[1].Key, Title: "Book", Due: november, Stage: "+3", Role: data.RolePatron, Ruling: data.RulingSend, Detail: all[1].Email},
	}))
	l.accept(to(p.Email), subject("Overdue of Xenia")) // dropped by the library system
	l.accept(to(p.Email, "teacher@school.org"), subject("To both"))
	l.accept(to("shared@home.org"), subject("To the family"))
	ok(t, l.MarkAddress(t.Context(), data.AddressState{Address: "zenobia@quastenflosser.org", Health: data.AddressFailed, Reason: "The address does not exist."}))
	ok(t, l.Note(t.Context(), data.JournalLine{Text: "Mail to " + p.Email + " failed."}, data.JournalLine{Text: "The service started."}))
	return l, l.patron(all[0].ID), l.patron(all[1].ID)
}

// found are the traces in all files of the folder, those of the database beside it and below.
func found(t *testing.T, dir string) (all []string) {
	t.Helper()
	ok(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		b = bytes.ToLower(b)
		for _, trace := range traces {
			if bytes.Contains(b, []byte(trace)) {
				all = append(all, filepath.Base(path)+": "+trace)
			}
		}
		return err
	}))
	return all
}

func TestDeletePatron(t *testing.T) {
	t.Run("nothing is left in the database, its log or a backup, and others keep everything", func(t *testing.T) {
		l, gone, other := busySchool(t)
		mixed := l.number(`SELECT id FROM message WHERE subject = 'To both'`)
		ok(t, l.forget(mixed)) // a mail to several people is theirs too
		dir := filepath.Dir(l.path)
		backups := filepath.Join(dir, "backups")
		for range 2 {
			l.pass(24 * time.Hour)
			_, err := l.DailyBackup(t.Context(), backups, 3)
			ok(t, err)
		}
		if len(found(t, dir)) < 2*len(traces) {
			t.Fatal("nothing is to be found beforehand: the test looks at the wrong place")
		}
		keep, err := l.ExportPatron(t.Context(), other.ID)
		ok(t, err)
		ok(t, l.DeletePatron(t.Context(), gone.ID))
		if left := found(t, dir); len(left) > 0 {
			t.Errorf("left over: %q", left)
		}
		now, err := l.ExportPatron(t.Context(), other.ID)
		ok(t, err)
		now.Mails = now.Mails[:1] // that to the family is all theirs by now
		if !reflect.DeepEqual(now, keep) {
			t.Errorf("of the other one there is now %.2000v, want %.2000v", fmt.Sprint(now), fmt.Sprint(keep))
		}
		wantEqual(t, "mail to the family", l.number(`SELECT count(*) FROM message WHERE subject = 'To the family'`), 1)
		wantEqual(t, "search", len(l.names(data.PatronQuery{Search: "xenia"})), 0)
		wantEqual(t, "journal", l.number(`SELECT count(*) FROM journal`), 1)
		wantCode(t, l.DeletePatron(t.Context(), gone.ID), data.CodeNotFound)
		for _, path := range backupsOf(t, l.path) {
			copied := l.openCopy(path)
			_, err := copied.Patron(t.Context(), gone.ID)
			wantCode(t, err, data.CodeNotFound)
			in, err := copied.ExportPatron(t.Context(), other.ID)
			ok(t, err)
			wantEqual(t, "loans in the backup", len(in.Loans), 12)
			ok(t, copied.Close())
		}
	})
	t.Run("a backup that cannot be read is removed, and that is said", func(t *testing.T) {
		l, gone, _ := busySchool(t)
		backups := filepath.Join(filepath.Dir(l.path), "backups")
		path, err := l.DailyBackup(t.Context(), backups, 3)
		ok(t, err)
		b, err := os.ReadFile(path)
		ok(t, err)
		ok(t, os.WriteFile(path, b[:len(b)/3], 0o600))
		err = l.DeletePatron(t.Context(), gone.ID)
		wantCode(t, err, data.CodeDamaged)
		if !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%v does not name the backup", err)
		}
		wantEqual(t, "backups", len(backupsOf(t, l.path)), 0)
		_, err = l.Patron(t.Context(), gone.ID)
		wantCode(t, err, data.CodeNotFound)
	})
	t.Run("a mail that is being sent is waited for", func(t *testing.T) {
		l, gone, _ := busySchool(t)
		message := l.number(`SELECT message FROM letter WHERE patron = ?`, gone.ID)
		c := l.claim(func(w *data.Want) { w.Message = message })
		wantCode(t, l.DeletePatron(t.Context(), gone.ID), data.CodeNotNow)
		wantEqual(t, "loans", len(l.loans(gone.ID)), 12)
		l.record(c, data.Sent, data.KindSent)
		ok(t, l.DeletePatron(t.Context(), gone.ID))
	})
	t.Run("a mail that stands in the folder is not forgotten under it", func(t *testing.T) {
		l, gone, _ := busySchool(t)
		m := l.accept(to(gone.Email), file("one.eml"))
		wantCode(t, l.DeletePatron(t.Context(), gone.ID), data.CodeNotNow)
		l.state(m, data.Waiting)
	})
}

func TestExportPatron(t *testing.T) {
	l, p, other := busySchool(t)
	f, err := l.ExportPatron(t.Context(), p.ID)
	ok(t, err)
	t.Run("everything is in it", func(t *testing.T) {
		wantEqual(t, "name", f.Patron.Name(), "Xenia Quastenflosser")
		wantEqual(t, "guardians", len(f.Patron.Guardians), 2)
		wantEqual(t, "loans", len(f.Loans), 12)
		wantEqual(t, "came back", slices.ContainsFunc(f.Loans, func(l data.Loan) bool { return !l.Returned.IsZero() }), true)
		wantEqual(t, "addresses", len(f.Addresses), 1)
		wantEqual(t, "decisions", len(f.Decisions), 1)
		wantEqual(t, "told", len(f.Told), 1)
		if len(f.Events) < 3 {
			t.Errorf("events: %v", f.Events)
		}
		wantEqual(t, "mails", len(f.Mails), 2)
		if !strings.Contains(f.Mails[0].Text, "Dear Xenia") || f.Mails[0].State != data.Waiting {
			t.Errorf("mail: %+v", f.Mails[0])
		}
	})
	t.Run("others are not named in it", func(t *testing.T) {
		text, err := json.Marshal(f)
		ok(t, err)
		for _, name := range []string{other.Last + `"`, other.Email, other.Key + `"`, "teacher@school.org"} {
			if bytes.Contains(text, []byte(name)) {
				t.Errorf("%s is in it", name)
			}
		}
	})
}
