package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/relay/relaytest"
)

// library opens the store of the desk with people in it for a moment, as an import does.
func (d *desk) withLibrary(work func(l *storetest.Library)) {
	d.t.Helper()
	s, err := house.Open(d.t.Context(), place.At(d.data), true, store.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	work(storetest.On(d.t, s))
}

// pupils are Ben with an address and Eve without; both have one book, so many days late.
func (d *desk) pupils(late int) {
	d.t.Helper()
	d.withLibrary(func(l *storetest.Library) {
		ben := l.Patron(data.Patron{Key: "B1", First: "Ben", Last: "Cole", Group: "TEST", Email: "ben@school.org", AutoOverdue: true})
		eve := l.Patron(data.Patron{Key: "E1", Card: "4711", First: "Eve", Last: "Dunn", Group: "8A", AutoOverdue: true})
		due := l.Today() - data.Date(late)
		l.Lent(data.Loan{Patron: ben, Key: "b", Title: "Dune", Due: due}, data.Loan{Patron: eve, Key: "e", Title: "Emma", Due: due})
	})
}

func librarySettings(s *relaytest.Server, more ...string) []string {
	return append(append(serverSettings(s), "practice.letters=false", "overdue.at=00:00"), more...)
}

func TestLettersCommand(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{})
	t.Run("list says who gets a letter, who paper and who nothing", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(5)
		var v struct {
			Mail, Paper int
			Letters     []letterView
		}
		d.json(&v, "letters", "list", "--template", "overdue-first")
		if v.Mail != 1 || v.Paper != 1 || len(v.Letters) != 2 || v.Letters[0].Patron != "B1" || v.Letters[0].Loans[0] != "Dune" || v.Letters[1].Why == "" {
			t.Fatalf("%+v", v)
		}
		if out := d.ok("letters", "list"); !strings.Contains(out, "Ben Cole") || !strings.Contains(out, "1 by e-mail, 1 on paper, 0 left out.") {
			t.Fatal(out)
		}
	})
	t.Run("the TEST group procedure: run Letters - Overdue First for the group, and look at the queue", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(5)
		if code, _, errs := d.run("letters", "queue", "--group", "TEST"); code != exitUsage || !strings.Contains(errs, "1 letter.") || len(d.list()) != 0 {
			t.Fatal(code, errs)
		}
		d.ok("letters", "queue", "--template", "overdue-first", "--group", "TEST", "--yes")
		all := d.list()
		if len(all) != 1 || all[0].Recipient != "ben@school.org" || all[0].Class != "letter" || all[0].Source != "letters" {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("preview is the letter, and can be sent to oneself", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(5)
		if out := d.ok("letters", "preview", "--patron", "b1"); !strings.Contains(out, "ben@school.org") || !strings.Contains(out, "Dune") {
			t.Fatal(out)
		}
		if out := d.ok("letters", "preview", "--patron", "4711", "--html"); !strings.Contains(out, "<html") || !strings.Contains(out, "Emma") {
			t.Fatal(out)
		}
		d.ok("letters", "preview", "--patron", "B1", "--send")
		if all := d.list(); len(all) != 1 || all[0].Recipient != "me@example.org" || !all[0].Practice {
			t.Fatalf("%+v", all)
		}
		if code, _, _ := d.run("letters", "preview", "--patron", "nobody"); code != exitNoInput {
			t.Fatal(code)
		}
	})
	t.Run("print writes PDF and HTML", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(5)
		pdf, html := filepath.Join(t.TempDir(), "pile.pdf"), filepath.Join(t.TempDir(), "pile.html")
		d.ok("letters", "print", "--out", pdf)
		if b, err := os.ReadFile(pdf); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
			t.Fatal(err)
		}
		d.withLibrary(func(l *storetest.Library) {
			l.Patron(data.Patron{Key: "L1", First: "丽", Last: "王", Group: "8A"})
		})
		if code, _, errs := d.run("letters", "print", "--template", "free", "--patron", "L1", "--out", pdf); code != exitOK || !strings.Contains(errs, "丽") {
			t.Fatal("a name that the PDF cannot show is printed as question marks, and nobody is told:", code, errs)
		}
		d.ok("letters", "print", "--only-paper", "--out", html)
		b, err := os.ReadFile(html)
		if err != nil || !strings.Contains(string(b), "Eve Dunn") || strings.Contains(string(b), "Ben Cole") {
			t.Fatalf("%v %s", err, b)
		}
		if code, _, _ := d.run("letters", "print", "--out", filepath.Join(t.TempDir(), "a.doc")); code != exitUsage {
			t.Fatal(code)
		}
	})
	t.Run("a text is shown, changed, refused with its mistake, and put back", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(5)
		file := filepath.Join(t.TempDir(), "text")
		write := func(text string) {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		shown := d.ok("letters", "templates", "show", "overdue-first")
		write(strings.Replace(shown, "[Greeting]", "Good morning [Frist name]", 1))
		if code, _, errs := d.run("letters", "templates", "set", file); code != exitUsage || strings.Count(errs, "[First name]") != 1 {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("letters", "templates", "set", file, "--json"); code != exitUsage || !json.Valid([]byte(errs)) || !strings.Contains(errs, "[First name]") {
			t.Fatal(code, errs)
		}
		for _, head := range []string{"Key: +14:my key\nLanguage: en", "Key: mine\nLanguage: English\x1b[31m", "Key: ../x\nLanguage: en"} {
			write(head + "\nName: Mine\nSubject: Hello\n\n[Greeting]\n\n[Items]")
			if code, _, errs := d.run("letters", "templates", "set", file); code != exitUsage || strings.Contains(errs, "\x1b") {
				t.Fatalf("%d %q: %s", code, head, errs)
			}
		}
		write("Key: mine\nLanguage: DE\nName: \x1b[31mMine\nSubject: Hello\n\n[Greeting]\n\n[Items]")
		if out := d.ok("letters", "templates", "set", file, "--json"); !strings.Contains(out, `"language": "de"`) || strings.Contains(out, "null") {
			t.Fatal(out)
		}
		if out := d.ok("letters", "templates", "list"); strings.Contains(out, "\x1b") {
			t.Fatalf("%q", out)
		}
		write(strings.Replace(shown, "[Greeting]", "Good morning [First name]", 1))
		d.ok("letters", "templates", "set", file)
		if out := d.ok("letters", "preview", "--patron", "B1"); !strings.Contains(out, "Good morning Ben") {
			t.Fatal(out)
		}
		d.ok("letters", "templates", "reset", "overdue-first")
		if out := d.ok("letters", "templates", "show", "overdue-first"); out != shown {
			t.Fatalf("%s\nbefore: %s", out, shown)
		}
	})
}

func TestNoticesCommand(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{})
	t.Run("rehearse shows who would get what, and sends nothing", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(0)
		var v struct {
			Mails, Print int
			Notices      []letterView
		}
		var today data.Date
		d.withLibrary(func(l *storetest.Library) { today = l.Today() })
		d.json(&v, "notices", "rehearse", "--date", (today + 1).String())
		if v.Mails != 1 || v.Print != 1 || v.Notices[0].Stage != "+1" || len(d.list()) != 0 {
			t.Fatalf("%+v", v)
		}
		if out := d.ok("notices", "rehearse", "--date", (today + 2).String()); !strings.Contains(out, "0 by e-mail") {
			t.Fatal(out)
		}
	})
	t.Run("the first run for real waits, a yes lets it go, once", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		d.pupils(1)
		var r data.Run
		if code := d.json(&r, "notices", "run"); code != exitNo || r.State != data.RunAwaiting || len(d.list()) != 0 {
			t.Fatalf("%d %+v", code, r)
		}
		if code := d.json(&r, "notices", "approve"); code != exitOK || r.State != data.RunDone || r.Queued != 1 || r.Print != 1 {
			t.Fatalf("%d %+v", code, r)
		}
		if code, _, _ := d.run("notices", "approve"); code != exitNoInput {
			t.Fatal(code)
		}
		d.json(&r, "notices", "run")
		if all := d.list(); len(all) != 1 || all[0].Recipient != "ben@school.org" || all[0].Class != "notice" {
			t.Fatalf("%+v", all)
		}
		html := filepath.Join(t.TempDir(), "pile.html")
		d.ok("notices", "print", "--out", html)
		if b, err := os.ReadFile(html); err != nil || !strings.Contains(string(b), "Eve Dunn") {
			t.Fatal(err)
		}
	})
	t.Run("a no drops it", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		d.pupils(1)
		d.run("notices", "run")
		d.ok("notices", "refuse")
		var runs []data.Run
		d.json(&runs, "notices", "runs")
		if len(runs) != 1 || runs[0].State != data.RunRefused || len(d.list()) != 0 {
			t.Fatalf("%+v", runs)
		}
	})
	t.Run("practice first; approve ends it, and the first run for real waits for a yes of its own", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		d.ok("settings", "set", "practice.letters=true")
		d.pupils(1)
		d.ok("notices", "run")
		if all := d.list(); len(all) != 1 || all[0].Recipient != "me@example.org" || !all[0].Practice {
			t.Fatalf("%+v", all)
		}
		if out := d.ok("patrons", "show", "B1"); !strings.Contains(out, "Practice: A notice was written (ben@school.org)") {
			t.Fatalf("the timeline takes practice for a mail to the patron: %s", out)
		}
		d.ok("notices", "approve")
		if code, out, _ := d.run("notices", "run"); code != exitNo || !strings.Contains(out, "The first run for real: 1 notice waits for your yes.") || len(d.list()) != 1 {
			t.Fatal(code, out)
		}
		d.ok("notices", "approve")
		if all := d.list(); len(all) != 2 || all[0].Recipient != "ben@school.org" {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("a yes to a run by its number never ends practice", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		d.ok("settings", "set", "practice.letters=true")
		practising := func() bool { return strings.Contains(d.ok("settings", "get", "practice.letters"), "true") }
		if code, _, _ := d.run("notices", "approve", "99"); code != exitNoInput || !practising() {
			t.Fatal(code, "a slip of the finger ended practice")
		}
		var r data.Run
		if code := d.json(&r, "notices", "run"); code != exitNo || r.State != data.RunHeld { // no list of loans yet
			t.Fatalf("%d %+v", code, r)
		}
		d.ok("notices", "approve", fmt.Sprint(r.ID))
		if !practising() {
			t.Fatal("a yes to a run of practice ended practice")
		}
		if code, _, _ := d.run("notices", "approve", fmt.Sprint(r.ID)); code == exitOK || !practising() {
			t.Fatal("a run that is done was approved again", code)
		}
	})
	t.Run("approve in JSON is JSON, and tells that practice for everything goes on", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		d.ok("settings", "set", "practice.letters=true", "practice=true")
		d.run("notices", "run") // held: no list of loans yet
		var r data.Run
		if code := d.json(&r, "notices", "approve"); code != exitOK || r.State != data.RunDone || !r.Practice {
			t.Fatalf("%d %+v", code, r)
		}
		d.ok("settings", "set", "practice.letters=true")
		if out := d.ok("notices", "approve"); !strings.Contains(out, "practice=false") || strings.Contains(out, "leave for real") {
			t.Fatal(out)
		}
	})
	t.Run("switched off, it says how to switch it on", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		if code, _, errs := d.run("notices", "run"); code != exitTemporary || !strings.Contains(errs, "overdue.enabled=true") {
			t.Fatal(code, errs)
		}
	})
	t.Run("closed days, of one region where a file has several, and rules of groups", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.ok("notices", "calendar", "add", "2026-12-21", "--to", "2027-01-02", "--name", "Christmas")
		var all []data.Closed
		d.json(&all, "notices", "calendar", "list")
		if len(all) != 1 || all[0].Name != "Christmas" {
			t.Fatalf("%+v", all)
		}
		var one data.Closed
		if d.json(&one, "notices", "calendar", "add", "2027-02-08", "--name", "Snow\nday\x1b"); one.ID == 0 || one.Last != one.First || strings.ContainsAny(one.Name, "\n\x1b") {
			t.Fatalf("%+v", one)
		}
		d.ok("notices", "calendar", "remove", fmt.Sprint(one.ID))
		if code, _, errs := d.run("notices", "calendar", "add", "2026-12-21", "--to", "9999-01-02"); code != exitUsage || !strings.Contains(errs, "year") {
			t.Fatal(code, errs)
		}
		d.ok("notices", "calendar", "remove", fmt.Sprint(all[0].ID))
		if code, _, _ := d.run("notices", "calendar", "remove", "99"); code != exitNoInput {
			t.Fatal(code)
		}
		file := filepath.Join(t.TempDir(), "holidays.csv")
		var day data.Date
		d.withLibrary(func(l *storetest.Library) { day = l.Today() + 5 })
		if err := os.WriteFile(file, []byte("start,end,name\n"+day.String()+","+(day+3).String()+",Half-term\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		d.ok("notices", "calendar", "import", file)
		d.json(&all, "notices", "calendar", "list")
		if len(all) != 1 || all[0].First != day || all[0].Source != "holidays.csv" {
			t.Fatalf("%+v", all)
		}
		if err := os.WriteFile(file, []byte("StartDate;EndDate;Name;Subdivisions\n"+day.String()+";;DE Neujahr;\n"+day.String()+";;DE Ferien;GR\n"+day.String()+";;DE Fasnacht;BE\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, said := d.run("notices", "calendar", "import", file); code != exitData || !strings.Contains(said, "BE, GR") {
			t.Fatal(code, said)
		}
		if code, _, said := d.run("notices", "calendar", "import", file, "--region", "ZH"); code != exitData || !strings.Contains(said, "BE, GR") {
			t.Fatal(code, said)
		}
		if d.json(&all, "notices", "calendar", "list"); len(all) != 1 || all[0].Name != "Half-term" {
			t.Fatalf("a refused file changed the calendar: %+v", all)
		}
		d.ok("notices", "calendar", "import", file, "--region", "gr")
		if d.json(&all, "notices", "calendar", "list"); len(all) != 2 || all[0].Name+all[1].Name != "FerienNeujahr" {
			t.Fatalf("%+v", all)
		}
		d.ok("notices", "group", "5B", "--disclosure", "count", "--excluded")
		if out := d.ok("notices", "group"); !strings.Contains(out, "5B") || !strings.Contains(out, "count; gets no notices") {
			t.Fatal(out)
		}
		d.ok("notices", "group", "5B", "--disclosure", "default", "--excluded=false")
		if out := d.ok("notices", "group"); strings.Contains(out, "5B") {
			t.Fatal(out)
		}
	})
}

// TestNoticesService lives with a running service, as a school does.
func TestNoticesService(t *testing.T) {
	t.Run("switched on, the service makes today's notices and sends them; a book brought back before is not dunned", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, librarySettings(s)...)
		d.start().up()
		d.pupils(1)
		d.ok("settings", "set", "overdue.enabled=true")
		d.until("it waits for the first yes", func() bool {
			var v statusView
			d.json(&v, "status")
			return strings.Contains(v.Trouble, "first run for real: 1 notice waits")
		})
		var r data.Run
		if code := d.json(&r, "notices", "approve"); code != exitOK || r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%d %+v", code, r)
		}
		d.until("the trouble is over", func() bool {
			var v statusView
			d.json(&v, "status")
			return v.Trouble == ""
		})
		d.withLibrary(func(l *storetest.Library) { l.Lent() })
		d.ok("once")
		if n := len(s.Messages()); n != 0 {
			t.Fatalf("%d mails about a book that is back", n)
		}
		if all := d.list(); len(all) != 1 || all[0].State != "cancelled" {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("of two books one is back before the check: the mail that leaves is about the other", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		var a, b data.Loan
		d.withLibrary(func(l *storetest.Library) {
			ben := l.Patron(data.Patron{Key: "B1", First: "Ben", Last: "Cole", Email: "ben@school.org", AutoOverdue: true})
			a, b = data.Loan{Patron: ben, Key: "a", Title: "Dune", Due: l.Today() - 1}, data.Loan{Patron: ben, Key: "b", Title: "Emma", Due: l.Today() - 3}
			l.Lent(a, b)
		})
		d.run("notices", "run")
		d.ok("notices", "approve")
		d.withLibrary(func(l *storetest.Library) { l.Lent(a) })
		d.ok("once")
		all := s.Messages()
		if len(all) != 1 || strings.Contains(string(all[0].Raw), "Emma") || !strings.Contains(string(all[0].Raw), "Dune") {
			t.Fatalf("%d mails: %+v", len(all), all)
		}
	})
}
