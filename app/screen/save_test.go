package screen_test

import (
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/secret"
)

// answers counts what Save told.
type answers struct{ yes, no int }

func (a *answers) then(ok bool) {
	if ok {
		a.yes++
		return
	}
	a.no++
}

// beat says what a running service would say of itself.
func beat(t *testing.T, b *screentest.Bench, h data.Heartbeat) {
	t.Helper()
	if err := b.Store.Beat(t.Context(), h); err != nil {
		t.Fatal(err)
	}
}

func running(b *screentest.Bench) {
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
}

func revision(t *testing.T, b *screentest.Bench) int64 {
	t.Helper()
	_, r, err := b.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func saysAll(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q does not say %q", got, w)
		}
	}
}

func TestSave(t *testing.T) {
	t.Run("while the service is stopped it saves, says so and offers to start", func(t *testing.T) {
		b, s := settings(t)
		s.Set("from.name", "The Library")
		var a answers
		s.Save(a.then)
		if !s.Busy() {
			t.Error("not busy while the store is asked")
		}
		b.Settle()
		if storedValue(t, b, "from.name") != "The Library" || s.Dirty() || s.Busy() || a != (answers{yes: 1}) {
			t.Fatal(storedValue(t, b, "from.name"), s.Dirty(), s.Busy(), a)
		}
		if said := s.Said(); said.Words != "Saved. The service is stopped." || !said.Start || !said.Good {
			t.Fatalf("%+v", said)
		}
	})
	t.Run("a value is stored as the service reads it", func(t *testing.T) {
		b, s := settings(t)
		s.Set("server1.host", " Mail.School.TEST. ")
		s.Save(nil)
		b.Settle()
		if got := storedValue(t, b, "server1.host"); got != "mail.school.test" || s.Value("server1.host") != got {
			t.Fatal(got, s.Value("server1.host"))
		}
	})
	t.Run("it waits until the running service says since when the settings are in force", func(t *testing.T) {
		b, s := settings(t)
		running(b)
		beat(t, b, data.Heartbeat{Revision: 1, InForce: time.Now()})
		s.Set("from.name", "The Library")
		var a answers
		s.Save(a.then)
		b.Settle()
		if !s.Busy() || a != (answers{}) {
			t.Fatalf("it did not wait: %+v", s.Said())
		}
		beat(t, b, data.Heartbeat{Revision: 2, InForce: time.Date(2026, 11, 24, 10, 42, 3, 0, time.Local)})
		b.Look()
		if said := s.Said(); said.Words != "Saved. The service runs with the new settings since 10:42:03." || !said.Good || a != (answers{yes: 1}) || s.Busy() {
			t.Fatalf("%+v %+v", said, a)
		}
	})
	t.Run("a service that dies while it waits is told with its reason, and Start is offered", func(t *testing.T) {
		b, s := settings(t)
		running(b)
		beat(t, b, data.Heartbeat{Revision: 1, InForce: time.Now()})
		s.Set("from.name", "The Library")
		var a answers
		s.Save(a.then)
		b.Settle()
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceFailed, Reason: "The disk is full."})
		b.Look()
		said := s.Said()
		saysAll(t, said.Words, "Saved, but the service has stopped.", "The disk is full.", "Start it")
		if !said.Start || !said.Bad || a != (answers{no: 1}) || s.Busy() {
			t.Fatalf("%+v %+v", said, a)
		}
		b.Service.Done = func(string) { beat(t, b, data.Heartbeat{Revision: 2, InForce: time.Now()}) }
		s.StartService()
		b.Settle()
		b.Look()
		if said := s.Said(); !said.Good || s.Busy() || strings.Join(b.Service.Asked(), " ") != "start" {
			t.Fatalf("%+v, asked %v", said, b.Service.Asked())
		}
	})
	t.Run("a service that does not answer is not waited for without end", func(t *testing.T) {
		b, s := settings(t)
		running(b)
		s.Patience = time.Millisecond
		s.Set("from.name", "The Library")
		var a answers
		s.Save(a.then)
		b.Until(func() bool { return !s.Busy() })
		b.Settle()
		said := s.Said()
		saysAll(t, said.Words, "Saved, but the service did not answer within")
		if !said.Again || !said.Bad || a != (answers{no: 1}) || s.Dirty() {
			t.Fatalf("%+v %+v", said, a)
		}
		beat(t, b, data.Heartbeat{Revision: 2, InForce: time.Now()})
		s.TryAgain()
		b.Settle()
		if !s.Said().Good {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("a service that cannot use the settings is told at once, with its words", func(t *testing.T) {
		b, s := settings(t)
		running(b)
		beat(t, b, data.Heartbeat{Revision: 1, InForce: time.Now()})
		s.Set("from.name", "The Library")
		s.Save(nil)
		b.Settle()
		beat(t, b, data.Heartbeat{Revision: 1, InForce: time.Now(), Trouble: data.NotInForce + ", the last good ones stay in force: no key.", Remedy: "Enter the password again."})
		b.Look()
		saysAll(t, s.Said().Words, "the service does not take it", "no key.", "Enter the password again.")
		if s.Busy() || !s.Said().Bad {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("a service that cannot be started says why and stays offered", func(t *testing.T) {
		b, s := settings(t)
		s.Set("from.name", "The Library")
		s.Save(nil)
		b.Settle()
		b.Service.Fail = &data.Error{Code: data.CodeNoAccess, Sentence: "This account may not start the service.", Next: "Ask IT for access."}
		s.StartService()
		b.Settle()
		saysAll(t, s.Said().Words, "did not start", "may not start", "Ask IT")
		if !s.Said().Start || s.Busy() {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("what is not complete is saved and says what is missing", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		s := screen.NewSettings(b.Desk)
		s.Set("from.address", "library@school.test")
		var a answers
		s.Save(a.then)
		b.Settle()
		saysAll(t, s.Said().Words, "Saved, but nothing can be sent yet.", "Still missing: Mail server (SMTP).")
		if storedValue(t, b, "from.address") != "library@school.test" || a != (answers{yes: 1}) || s.Said().Start {
			t.Fatalf("%+v %+v", s.Said(), a)
		}
		if n := s.Note("server1.host"); n.Text == "" || n.Wrong {
			t.Errorf("nothing at the field: %+v", n)
		}
	})
	t.Run("a refused Save names the field and why, leads there, and writes nothing", func(t *testing.T) {
		b, s := settings(t)
		var led string
		s.OnFocus = func(name string) { led = name }
		before := revision(t, b)
		s.Set("from.name", "The Library")
		s.Set("server1.port", "70000")
		var a answers
		s.Save(a.then)
		b.Settle()
		saysAll(t, s.Said().Words, "Not saved.", "Port: \"70000\" is not a number from 1 to 65535.")
		if led != "server1.port" || revision(t, b) != before || a != (answers{no: 1}) || s.Value("from.name") != "The Library" {
			t.Fatal(led, revision(t, b), a)
		}
	})
	t.Run("53 the data folder itself, one above it or a file is refused as the folder to monitor", func(t *testing.T) {
		b, s := settings(t)
		file := b.Place().Data + "-file"
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, folder := range []string{b.Place().Data, b.Place().Key, "/", file} {
			s.Set("folder", folder)
			s.Save(nil)
			b.Settle()
			if !strings.HasPrefix(s.Said().Words, "Not saved. Folder to monitor: ") || !s.Note("folder").Wrong || storedValue(t, b, "folder") != "" {
				t.Errorf("%s: %+v, %+v", folder, s.Said(), s.Note("folder"))
			}
		}
	})
	t.Run("what lies in the store and stops the service is mended", func(t *testing.T) {
		b, _ := settings(t)
		b.Save(map[string]string{"server1.port": "abc", "no.such.setting": "x"})
		b.Look()
		s := screen.NewSettings(b.Desk)
		s.Set("server1.port", "587")
		s.Save(nil)
		b.Settle()
		values, _, err := b.Store.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, problems := data.ParseSettings(values); len(problems) != 0 {
			t.Fatal(problems, values)
		}
	})
	t.Run("saving nothing asks the service whether it runs with what is stored", func(t *testing.T) {
		b, s := settings(t)
		running(b)
		beat(t, b, data.Heartbeat{Revision: 1, InForce: time.Now()})
		before := revision(t, b)
		s.Save(nil)
		b.Settle()
		if !s.Said().Good || revision(t, b) != before {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("what is typed while it saves stays for the next", func(t *testing.T) {
		b, s := settings(t)
		s.Set("from.name", "The Library")
		s.Set("server1.ehlo", "pc.school.test")
		s.Save(nil)
		s.Set("from.name", "The Library of our School")
		b.Settle()
		if storedValue(t, b, "from.name") != "The Library" || s.Value("from.name") != "The Library of our School" || !s.Dirty() || s.Edited("server1.ehlo") {
			t.Fatal(storedValue(t, b, "from.name"), s.Value("from.name"))
		}
	})
	t.Run("two presses of Save are one", func(t *testing.T) {
		b, s := settings(t)
		s.Set("from.name", "The Library")
		var a answers
		s.Save(a.then)
		s.Save(a.then)
		b.Settle()
		if a != (answers{yes: 2}) || revision(t, b) != 2 {
			t.Fatal(a, revision(t, b))
		}
	})
	t.Run("33 a database that stays locked is a sentence, and what was typed stays", func(t *testing.T) {
		b, s := settings(t)
		s.Set("from.name", "The Library")
		release := lock(t, b)
		var a answers
		s.Save(a.then)
		b.Settle()
		said := s.Said()
		saysAll(t, said.Words, "Not saved.")
		if !said.Bad || !said.Again || s.Value("from.name") != "The Library" || a != (answers{no: 1}) {
			t.Fatalf("%+v %+v", said, a)
		}
		release()
		s.TryAgain()
		b.Settle()
		if !s.Said().Good || storedValue(t, b, "from.name") != "The Library" {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("what the database says to programs is shown to nobody", func(t *testing.T) {
		b, s := settings(t)
		db, err := sql.Open("sqlite", "file:"+b.Store.Path())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		if _, err := db.ExecContext(t.Context(), `CREATE TRIGGER stop BEFORE INSERT ON setting BEGIN SELECT RAISE (ABORT, 'raw words'); END`); err != nil {
			t.Fatal(err)
		}
		s.Set("from.name", "The Library")
		s.Save(nil)
		b.Settle()
		if said := s.Said(); !strings.HasPrefix(said.Words, "Not saved. ") || strings.Contains(said.Words, "raw words") || strings.Contains(said.Words, "SQL") || !s.Dirty() {
			t.Fatalf("%+v", said)
		}
	})
	t.Run("a database that cannot be opened is a sentence, and what was typed stays", func(t *testing.T) {
		b := screentest.NewAt(t, screentest.New(t).Place())
		s := screen.NewSettings(b.Desk) // nothing is open: the desk never looked
		s.Set("from.address", "library@school.test")
		s.Save(nil)
		b.Settle()
		saysAll(t, s.Said().Words, "Not saved.")
		if !s.Dirty() || !s.Said().Again || s.Fresh() || s.Unreadable() == "" {
			t.Fatalf("%+v %q", s.Said(), s.Unreadable())
		}
		b.Look()
		if !s.Fresh() || s.Unreadable() != "" || s.Value("from.address") != "library@school.test" {
			t.Fatalf("%v %q", s.Fresh(), s.Unreadable())
		}
	})
}

func TestSavePassword(t *testing.T) {
	const typed = " § pa ss🙂word "
	withLogin := func(t *testing.T) (*screentest.Bench, *screen.Settings) {
		t.Helper()
		b, s := settings(t)
		s.Set("server1.user", "library")
		s.Set("server1.password", typed)
		s.Save(nil)
		b.Settle()
		if !s.Said().Good {
			t.Fatalf("%+v", s.Said())
		}
		return b, s
	}
	t.Run("60 it is sealed for the service, to the byte", func(t *testing.T) {
		b, _ := withLogin(t)
		sealed := storedValue(t, b, "server1.password")
		got, err := secret.Open(b.Place().Key, secret.Context{Name: "server1.password", Host: "127.0.0.1", User: "library"}, sealed)
		if err != nil || got != typed || !strings.HasPrefix(sealed, data.SealedPrefix) {
			t.Fatal(err, got == typed)
		}
	})
	t.Run("it is in nothing the screen gives out, neither as typed nor as sealed", func(t *testing.T) {
		b, s := withLogin(t)
		s.Set("server1.password", typed+"2")
		b.Save(map[string]string{"server1.password": data.SealedPrefix + "theirs"})
		b.Look()
		sealed := storedValue(t, b, "server1.password")
		s.Save(nil)
		b.Settle()
		var out strings.Builder
		for _, f := range data.Fields() {
			out.WriteString(s.Value(f.Name) + s.Placeholder(f.Name) + s.Note(f.Name).Text + s.Note(f.Name).Offer)
		}
		out.WriteString(s.Said().Words)
		for _, m := range s.Met() {
			out.WriteString(m.Words)
		}
		for _, bad := range []string{typed, strings.TrimSpace(typed), sealed, data.SealedPrefix} {
			if strings.Contains(out.String(), bad) {
				t.Errorf("%q is shown", bad)
			}
		}
	})
	t.Run("it shows that it is set, and empty keeps it", func(t *testing.T) {
		b, s := withLogin(t)
		if s.Value("server1.password") != "" || !strings.HasPrefix(s.Placeholder("server1.password"), "set") || s.Placeholder("server2.password") != "not set" {
			t.Fatal(s.Placeholder("server1.password"))
		}
		before := storedValue(t, b, "server1.password")
		s.Set("server1.port", "587")
		s.Save(nil)
		b.Settle()
		if storedValue(t, b, "server1.password") != before || !s.Said().Good {
			t.Fatalf("%+v", s.Said())
		}
	})
	for _, c := range []struct{ name, value string }{{"server1.host", "other.test"}, {"server1.user", "other"}, {"server1.certificate", strings.Repeat("ab", 32)}} {
		t.Run("another "+c.name+" asks for it again, and leads there", func(t *testing.T) {
			b, s := withLogin(t)
			var led string
			s.OnFocus = func(name string) { led = name }
			s.Set(c.name, c.value)
			if !s.Note("server1.password").Wrong {
				t.Error("not said before Save")
			}
			s.Save(nil)
			b.Settle()
			saysAll(t, s.Said().Words, "Not saved. Password: ", "enter the password again")
			if led != "server1.password" || !s.Dirty() {
				t.Fatal(led)
			}
			s.Set("server1.password", "new")
			s.Save(nil)
			b.Settle()
			if !s.Said().Good {
				t.Fatalf("%+v", s.Said())
			}
		})
	}
	t.Run("it can be forgotten", func(t *testing.T) {
		b, s := withLogin(t)
		if !s.CanForget("server1.password") || s.CanForget("server2.password") || s.CanForget("server1.user") {
			t.Fatal("wrong offer")
		}
		s.Set("server1.user", "")
		s.Forget("server1.password")
		if !s.Dirty() || s.Placeholder("server1.password") != "is taken away when you save" || s.CanForget("server1.password") {
			t.Fatal(s.Placeholder("server1.password"))
		}
		s.Save(nil)
		b.Settle()
		if storedValue(t, b, "server1.password") != "" || !s.Said().Good || s.Dirty() {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("typing one takes the forgetting back", func(t *testing.T) {
		b, s := withLogin(t)
		s.Forget("server1.password")
		s.Set("server1.password", "new")
		s.Save(nil)
		b.Settle()
		if storedValue(t, b, "server1.password") == "" {
			t.Fatal("forgotten")
		}
	})
	t.Run("without a key it cannot be sealed, and that is a sentence", func(t *testing.T) {
		b, s := settings(t)
		if err := os.RemoveAll(b.Place().Key); err != nil {
			t.Fatal(err)
		}
		s.Set("server1.user", "library")
		s.Set("server1.password", typed)
		s.Save(nil)
		b.Settle()
		saysAll(t, s.Said().Words, "Not saved.", "Start the service once")
		if storedValue(t, b, "server1.user") != "" || !s.Dirty() {
			t.Fatal("half of it was saved")
		}
	})
}

// lock keeps the database for another program until it is released.
func lock(t *testing.T, b *screentest.Bench) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+b.Store.Path()+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	release = func() { _, _ = tx.Rollback(), db.Close() }
	t.Cleanup(release)
	return release
}
