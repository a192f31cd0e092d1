package screen_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/assets"
	"smtpgateway/data"
)

// importBench is an import under way.
type importBench struct {
	*screentest.Bench
	im *screen.Import
}

func newImport(t *testing.T, b *screentest.Bench) *importBench {
	t.Helper()
	if b == nil {
		b = screentest.New(t)
		b.SetClock(schoolMorning)
	}
	b.Look()
	return &importBench{b, screen.NewImport(b.Desk)}
}

// listFile writes a list and gives its path.
func listFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func fixture(name string) string { return filepath.Join("../../data/roster/testdata", name) }

// choose opens a file.
func (b *importBench) choose(t *testing.T, path string) {
	t.Helper()
	whole, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	b.im.Choose(whole)
	b.Settle()
}

// next goes on, and must come to a step.
func (b *importBench) next(t *testing.T, want screen.ImportStep) {
	t.Helper()
	b.im.Next()
	b.Settle()
	if b.im.Step() != want {
		t.Fatalf("it is at step %d, not %d: %s", b.im.Step(), want, b.im.Said().Words)
	}
}

// plan chooses a file and goes on until it says what would change.
func (b *importBench) plan(t *testing.T, path string) {
	t.Helper()
	b.choose(t, path)
	if b.im.Step() != screen.ImportLook {
		t.Fatal(b.im.Said().Words)
	}
	b.im.ShowColumns()
	b.next(t, screen.ImportPlan)
}

func (b *importBench) do(t *testing.T) {
	t.Helper()
	b.im.Do(false)
	b.Settle()
	if b.im.Step() != screen.ImportDone {
		t.Fatal(b.im.Said().Words)
	}
}

func (b *importBench) counts() string {
	var all []string
	for _, c := range b.im.Counts() {
		all = append(all, c.N+" "+c.Words)
	}
	return strings.Join(all, ", ")
}

func (b *importBench) patrons(t *testing.T) data.PatronCounts {
	t.Helper()
	c, err := b.Store.PatronCounts(t.Context(), data.DateOf(b.Now()))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func said(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q lacks %q", got, w)
		}
	}
}

const tinyPatrons = "cardnumber,surname,firstname,class,email\n90001,Berg,Mila,4b,mila@school.test\n90002,Okoye,Tobi,4b,\n"

func TestImport(t *testing.T) {
	t.Run("a school's lists go in, and it says what was done", func(t *testing.T) {
		b := newImport(t, nil)
		people, books := assets.School(schoolMorning)
		b.plan(t, listFile(t, "patrons.csv", string(people)))
		said(t, b.counts(), "new", "0 changed", "0 have left")
		b.do(t)
		head, _ := b.im.DoneWords()
		said(t, head, "patrons imported: ", " new, 0 changed, 0 gone.")
		n := b.patrons(t).Patrons
		if n < 10 || b.patrons(t).Loans != 0 {
			t.Fatal(b.patrons(t))
		}
		b.im.Another()
		b.plan(t, listFile(t, "loans.csv", string(books)))
		b.do(t)
		if b.patrons(t).Loans == 0 || b.patrons(t).Patrons != n {
			t.Error(b.patrons(t))
		}
	})
	t.Run("it says what it understood, in words", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, fixture("koha_patrons.csv"))
		said(t, b.im.Understood(), `This looks like the list "Koha patrons".`, "It has ", " rows.")
		said(t, b.im.Form(), "CSV file", "UTF-8", "comma", "KB")
	})
	t.Run("passwords and birth dates are shown nowhere and never taken", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, fixture("koha_patrons.csv"))
		headers, rows, _ := b.im.Preview()
		if text := fmt.Sprint(headers, rows); strings.Contains(text, "secret") || strings.Contains(text, "password") || strings.Contains(text, "2014") {
			t.Error(text)
		}
		all, _ := b.im.Columns()
		never := 0
		for i := range all {
			c := b.im.Column(i)
			if !c.Never {
				continue
			}
			never++
			b.im.SetField(i, 1)
			if got := b.im.Column(i); got.Field != 0 || got.Example != "" {
				t.Errorf("%+v", got)
			}
		}
		if never == 0 {
			t.Error("none is")
		}
	})
	t.Run("letters that could be others are shown, and another choice shows others", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, fixture("pmb.csv"))
		if !b.im.InDoubt() {
			t.Fatal("there is no doubt")
		}
		_, rows, _ := b.im.Preview()
		said(t, fmt.Sprint(rows), "Érables")
		b.im.SetEncoding(slices.Index(b.im.Encodings(), "Cyrillic (Windows-1251)"))
		b.Settle()
		_, rows, _ = b.im.Preview()
		said(t, fmt.Sprint(rows), "Йrables")
	})
	t.Run("another separator makes other columns", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, listFile(t, "a.csv", "card;name\n1;Berg, Mila\n2;Okoye, Tobi\n"))
		if n, _ := b.im.Columns(); n != 2 {
			t.Fatal(n)
		}
		b.im.SetSeparator(slices.Index(b.im.Separators(), "tab"))
		b.Settle()
		if n, _ := b.im.Columns(); n != 1 {
			t.Error(n)
		}
	})
	t.Run("the row with the names of the columns can be said", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, listFile(t, "a.csv", "name,class,email\nsurname,firstname,card\nBerg,Mila,17\n"))
		b.im.SetHeaderRow(2)
		b.Settle()
		if got := b.im.Column(0).Header; got != "surname" {
			t.Error(got)
		}
	})
	t.Run("the question which address is the parent's is asked, and its answer is taken", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, fixture("destiny.csv"))
		b.im.ShowColumns()
		q := b.im.Questions()
		if len(q) != 1 || q[0].Ask != "Which of these is the parent's address?" || !q[0].Many {
			t.Fatalf("%+v", q)
		}
		at := slices.IndexFunc(q[0].Choices, func(s string) bool { return strings.HasPrefix(s, "field_emailSecondary") })
		b.im.Answer(0, at, false)
		for _, on := range b.im.Questions()[0].Chosen {
			if on {
				t.Error("one is chosen")
			}
		}
		b.im.Answer(0, at, true)
		b.next(t, screen.ImportPlan)
		b.do(t)
		p, err := b.Store.Patron(t.Context(), b.PatronByKey("778001"))
		if err != nil || len(p.Guardians) != 1 || p.Guardians[0].Email != "nina.berg@example.org" {
			t.Error(p.Guardians, err)
		}
	})
	t.Run("a date that can be read in two ways is asked with one value spelled out", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		path := listFile(t, "loans.csv", "cardnumber,title,barcode,due\n90001,Emil,5001,03/04/2026\n90002,Momo,5002,05/06/2026\n")
		b.choose(t, path)
		b.im.ShowColumns()
		q := b.im.Questions()
		if len(q) != 1 || q[0].Ask != "03/04/2026: is this 3 April 2026 or 4 March 2026?" || !q[0].Open {
			t.Fatalf("%+v", q)
		}
		b.next(t, screen.ImportColumns)
		said(t, b.im.Said().Words, "One question is not answered yet", "03/04/2026")
		b.im.Answer(0, 0, true)
		b.next(t, screen.ImportPlan)
		if got := b.im.Row(0).What; !strings.Contains(got, "Fri 3 Apr 2026") {
			t.Error(got)
		}
	})
	t.Run("answers that are kept are asked no more", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		path := listFile(t, "loans.csv", "cardnumber,title,barcode,due\n90001,Emil,5001,03/04/2026\n90002,Momo,5002,05/06/2026\n")
		b.choose(t, path)
		b.im.ShowColumns()
		b.im.Answer(0, 1, true)
		b.im.SetComplete(false)
		b.im.SetName("Our loans")
		b.next(t, screen.ImportPlan)
		b.do(t)
		_, more := b.im.DoneWords()
		said(t, strings.Join(more, " "), `kept as "Our loans"`)
		b.im.Another()
		b.choose(t, path)
		said(t, b.im.Understood(), `The saved answers "Our loans" fit this file.`)
		b.next(t, screen.ImportPlan)
		if got := b.counts(); got != "0 new, 0 changed, 0 came back, 2 as before, 0 problems" {
			t.Error(got)
		}
	})
	t.Run("saved answers can be set aside", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", tinyPatrons))
		b.im.SetName("Ours")
		b.do(t)
		b.im.Another()
		b.choose(t, listFile(t, "a.csv", tinyPatrons))
		if got := b.im.Saved(); len(got) != 2 || got[1] != "Ours" || b.im.SavedIn() != 1 {
			t.Fatal(got, b.im.SavedIn())
		}
		b.im.SetSaved(0)
		b.next(t, screen.ImportColumns)
	})
	t.Run("what one column becomes the other is no more", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, listFile(t, "a.csv", tinyPatrons))
		b.im.ShowColumns()
		first := slices.Index(b.im.FieldWords(), "First name")
		at := map[string]int{}
		all, _ := b.im.Columns()
		for i := range all {
			at[b.im.Column(i).Header] = i
		}
		if b.im.Column(at["firstname"]).Field != first {
			t.Fatal("it is not recognised")
		}
		b.im.SetField(at["surname"], first)
		if b.im.Column(at["surname"]).Field != first || b.im.Column(at["firstname"]).Field != 0 {
			t.Error("two columns are the first name")
		}
	})
	t.Run("columns that say too little are refused with what is missing", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, listFile(t, "a.csv", tinyPatrons))
		b.im.ShowColumns()
		all, _ := b.im.Columns()
		for i := range all {
			b.im.SetField(i, 0)
		}
		b.next(t, screen.ImportColumns)
		said(t, b.im.Said().Words, "No column says who a row is about.", "Say which one holds")
	})
	t.Run("new patrons come without automatic notices when that is switched off", func(t *testing.T) {
		b := newImport(t, nil)
		b.choose(t, listFile(t, "a.csv", tinyPatrons))
		b.im.ShowColumns()
		if !b.im.MayAuto() {
			t.Fatal("it is not offered")
		}
		b.im.SetAuto(false)
		b.next(t, screen.ImportPlan)
		b.do(t)
		if p, err := b.Store.Patron(t.Context(), b.PatronByKey("90001")); err != nil || p.AutoOverdue {
			t.Error(p, err)
		}
	})
	t.Run("e-mail addresses find the patrons who are here by their card", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		b.choose(t, listFile(t, "mail.csv", "cardnumber,email\n90003,cleo@school.test\n77777,nobody@school.test\n"))
		b.im.SetKind(2)
		b.im.ShowColumns()
		b.next(t, screen.ImportPlan)
		if got := b.counts(); got != "0 new, 1 changed, 0 have left, 0 as before, 1 problem" {
			t.Fatal(got)
		}
		said(t, b.im.Row(0).What, "E-mail address: cleo@school.test")
		b.do(t)
		if p, err := b.Store.Patron(t.Context(), b.PatronByKey("1003")); err != nil || p.Email != "cleo@school.test" {
			t.Error(p, err)
		}
	})
}

func TestImportPlan(t *testing.T) {
	t.Run("it tells new, changed, gone and same apart, and what changes", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", tinyPatrons+"90003,Marsh,Cleo,8A,\n90004,Li,Eve,8A,\n"))
		b.do(t)
		b.im.Another()
		b.choose(t, listFile(t, "b.csv", "cardnumber,surname,firstname,class,email\n90001,Berg,Mila,5b,mila@school.test\n90002,Okoye,Tobi,4b,\n90004,Li,Eve,8A,\n90005,New,Nina,1a,nina@school.test\n"))
		b.im.ShowColumns()
		b.im.SetComplete(true)
		b.next(t, screen.ImportPlan)
		if got := b.counts(); got != "1 new, 1 changed, 1 have left, 2 as before, 0 problems" {
			t.Fatal(got)
		}
		for i, want := range []string{"5 Nina New, 1a | number 90005; nina@school.test", "2 Mila Berg, 5b | Group: 5b, was 4b", " Cleo Marsh, 8A | is missing from the list"} {
			b.im.SetListed(i)
			if r := b.im.Row(0); r.Row+" "+r.Who+" | "+r.What != want {
				t.Errorf("%+v, not %s", r, want)
			}
		}
	})
	t.Run("a list that is not complete lets nobody go", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		b.choose(t, listFile(t, "a.csv", tinyPatrons))
		b.im.ShowColumns()
		b.im.SetComplete(false)
		b.next(t, screen.ImportPlan)
		said(t, b.counts(), "0 have left")
		said(t, strings.Join(b.im.PlanWords(), " "), "does not count as complete")
	})
	t.Run("a list cut short wants a second yes that names the numbers", func(t *testing.T) {
		b := newImport(t, nil)
		many := "cardnumber,surname,firstname\n"
		for i := range 40 {
			many += fmt.Sprintf("9%03d,Last%d,First\n", i, i)
		}
		b.plan(t, listFile(t, "all.csv", many))
		b.do(t)
		b.im.Another()
		b.choose(t, listFile(t, "short.csv", strings.Join(strings.SplitAfter(many, "\n")[:21], "")))
		b.im.ShowColumns()
		b.im.SetComplete(true)
		b.next(t, screen.ImportPlan)
		said(t, b.im.Doubt(), "20 of 40 patrons would leave")
		b.im.Do(false)
		b.Settle()
		if b.im.Step() != screen.ImportPlan || b.patrons(t).Left != 0 {
			t.Fatal("one yes was enough")
		}
		b.im.Do(true)
		b.Settle()
		if b.im.Step() != screen.ImportDone || b.patrons(t).Left != 20 {
			t.Error(b.im.Said(), b.patrons(t))
		}
	})
	t.Run("a problem names row, column, value and remedy, and is written guarded against formulas", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", "cardnumber,surname,firstname,email\n1,Berg,Mila,=cmd()|x\n2,Li,Eve,eve@gmial\n3,Ok,Tobi,tobi@school.test\n"))
		b.im.SetListed(int(screen.ImportProblems))
		if b.im.Len() == 0 {
			t.Fatal("there is none: ", b.counts())
		}
		r := b.im.Row(0)
		if r.Row != "2" || !strings.HasPrefix(r.Who, "email: ") || r.What == "" || !strings.Contains(r.Full, "The rest of the row is taken in.") {
			t.Errorf("%+v", r)
		}
		path := filepath.Join(t.TempDir(), "problems.csv")
		b.im.ExportProblems(path, false, nil)
		b.Settle()
		if words, failed := b.im.Exported(); failed || !strings.Contains(words, path) {
			t.Fatal(words)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		said(t, string(text), "\ufeffrow,column,value,problem", "2,email,'=cmd()|x,")
		asked := false
		b.im.ExportProblems(path, false, func() { asked = true })
		b.Settle()
		if !asked {
			t.Error("the file was replaced without a question")
		}
	})
	t.Run("waiting notices that would be cancelled are counted before", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		waitingNotice(t, b.Bench)
		b.choose(t, listFile(t, "loans.csv", "cardnumber,title,barcode,due\n90001,Moths of the North,30002,2026-11-27\n90003,A Short History of Salt,30003,2026-11-23\n90005,Rivers,30004,2026-11-24\n"))
		b.im.ShowColumns()
		b.next(t, screen.ImportPlan)
		said(t, b.counts(), "1 came back")
		said(t, strings.Join(b.im.PlanWords(), " "), "1 waiting notice would be cancelled")
		b.do(t)
		_, more := b.im.DoneWords()
		said(t, strings.Join(more, " "), "1 waiting notice was cancelled")
	})
	t.Run("when others were faster nothing is written and the difference is shown anew", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		b.choose(t, listFile(t, "a.csv", "cardnumber,surname,firstname,class\n90001,Fennimore,Ada,8B\n"))
		b.im.ShowColumns()
		b.im.SetComplete(false)
		b.next(t, screen.ImportPlan)
		before := b.counts()
		b.People(data.Patron{Key: "3001", Card: "93001", Last: "Faster"})
		ada, err := b.Store.Patron(t.Context(), b.PatronByKey("1001"))
		if err != nil {
			t.Fatal(err)
		}
		ada.Group = "8B"
		if _, err := b.Store.SavePatron(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
		b.im.Do(false)
		b.Settle()
		if b.im.Step() != screen.ImportPlan || b.counts() == before {
			t.Fatal(b.counts())
		}
		said(t, b.im.Said().Words, "changed by somebody else meanwhile", "nothing was taken in yet")
		b.do(t)
	})
}

// waitingNotice lets a notice on Ada's overdue book wait.
func waitingNotice(t *testing.T, b *screentest.Bench) int64 {
	t.Helper()
	key := data.LoanKey("1001", "30001")
	ids, err := b.Store.QueueLetters(t.Context(), []data.Letter{{
		Message: &data.NewMessage{
			Message:    data.Message{Class: data.ClassNotice, Door: data.DoorNotice, MessageID: "<n1@school.test>", Sender: "library@school.test", From: "library@school.test", To: "ada@school.test", Subject: "Something is overdue"},
			Recipients: []string{"ada@school.test"}, Header: []byte("From: library@school.test\r\nTo: ada@school.test\r\nSubject: Something is overdue\r\n\r\n"),
		},
		Patron: b.PatronByKey("1001"), Notices: []data.NoticeKey{{Loan: key, Due: data.DateOf(schoolMorning) - 4, Stage: "+3", Role: data.RolePatron}}, Loans: []string{key}, Letter: "overdue-second", Role: data.RolePatron,
	}})
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	return ids[0]
}

func TestImportUndo(t *testing.T) {
	t.Run("the import is taken back after a question that says what comes back, revived notices too", func(t *testing.T) {
		b := newImport(t, smallSchool(t))
		id := waitingNotice(t, b.Bench)
		b.choose(t, listFile(t, "loans.csv", "cardnumber,title,barcode,due\n90001,Moths of the North,30002,2026-12-27\n90003,A Short History of Salt,30003,2026-11-23\n90005,Rivers,30004,2026-11-24\n90005,Stones,30009,2026-12-24\n"))
		b.im.ShowColumns()
		b.next(t, screen.ImportPlan)
		b.do(t)
		if state(t, b.Bench, id) != data.Cancelled {
			t.Fatal("the notice still waits")
		}
		title, text := b.im.UndoWords()
		said(t, title+text, "Undo the import of loans.csv?", "1 loan it brought is removed.", "1 loan is again as it was.", "1 loan that came back is out again.", "1 notice that it cancelled waits again", "What somebody changed since stays")
		b.im.Undo()
		b.Settle()
		head, more := b.im.DoneWords()
		said(t, head+" "+strings.Join(more, " "), "The import was undone.", "Everything is as it was before.")
		if b.patrons(t).Loans != 4 || state(t, b.Bench, id) != data.Waiting {
			t.Error(b.patrons(t).Loans, state(t, b.Bench, id))
		}
	})
	t.Run("an import after it is not undone in its place", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", tinyPatrons))
		b.do(t)
		b.People(data.Patron{Key: "3001", Last: "Later"})
		b.im.Undo()
		b.Settle()
		said(t, b.im.Said().Words, "Another list was taken in since")
		if b.patrons(t).Patrons != 3 {
			t.Error(b.patrons(t).Patrons)
		}
	})
	t.Run("what a person did stands in the log, in numbers only", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", tinyPatrons))
		b.do(t)
		b.im.Undo()
		b.Settle()
		lines, err := b.Store.Log(t.Context(), data.LogQuery{Kinds: []data.JournalKind{data.JournalImport}, Limit: 9})
		if err != nil || len(lines) != 2 {
			t.Fatal(lines, err)
		}
		said(t, lines[1].Text, "List of patrons imported by a person: 2 rows, 2 new, 0 changed, 0 gone.")
		said(t, lines[0].Text, "List of patrons undone by a person")
		for _, l := range lines {
			if strings.Contains(l.Text, "Berg") || strings.Contains(l.Text, "a.csv") {
				t.Error(l.Text)
			}
		}
	})
}

func state(t *testing.T, b *screentest.Bench, message int64) data.State {
	t.Helper()
	all, err := b.Store.List(t.Context(), data.ListQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Message == message {
			return d.State
		}
	}
	t.Fatal("there is no such message")
	return ""
}

func TestImportFaults(t *testing.T) {
	for _, c := range []struct{ name, file, content, want string }{
		{"an empty file", "a.csv", "", "The file is empty."},
		{"a workbook of an old kind", "a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "protected with a password, or is of an old kind"},
		{"a PDF", "a.csv", "%PDF-1.7", "can be read by people only"},
		{"a web page", "a.xls", "<html><table></table></html>", "web page"},
	} {
		t.Run(c.name+" is refused with what to do", func(t *testing.T) {
			b := newImport(t, nil)
			b.choose(t, listFile(t, c.file, c.content))
			if b.im.Step() != screen.ImportFile || !b.im.Said().Bad {
				t.Error("it is taken")
			}
			said(t, b.im.Said().Words, c.want)
			b.choose(t, listFile(t, "good.csv", tinyPatrons))
			if b.im.Step() != screen.ImportLook {
				t.Error("another cannot be chosen after it")
			}
		})
	}
	t.Run("no file, and one that is not there, are said", func(t *testing.T) {
		b := newImport(t, nil)
		b.next(t, screen.ImportFile)
		said(t, b.im.Said().Words, "No file is chosen yet.")
		b.choose(t, filepath.Join(t.TempDir(), "none.csv"))
		said(t, b.im.Said().Words, "The file is not there.")
	})
	t.Run("a list with names of columns alone has nothing to take in", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", "cardnumber,surname,firstname\n"))
		if b.im.MayDo() {
			t.Error("it can be taken in")
		}
		said(t, strings.Join(b.im.PlanWords(), " "), "nothing in this list")
	})
	t.Run("a file of 2 GB is refused at once", func(t *testing.T) {
		path := listFile(t, "huge.csv", tinyPatrons)
		if err := os.Truncate(path, 2<<30); err != nil {
			t.Fatal(err)
		}
		b := newImport(t, nil)
		b.choose(t, path)
		said(t, b.im.Said().Words, "MB")
	})
	t.Run("a file that vanished is said, and found again when it is back", func(t *testing.T) {
		b := newImport(t, nil)
		path := listFile(t, "a.csv", tinyPatrons)
		b.choose(t, path)
		b.im.ShowColumns()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		b.next(t, screen.ImportColumns)
		said(t, b.im.Said().Words, "The file is not there.")
		if err := os.WriteFile(path, []byte(tinyPatrons+"90003,Marsh,Cleo,8A,\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.next(t, screen.ImportPlan)
		said(t, b.counts(), "3 new")
	})
	t.Run("a file that changed since is read as it is now", func(t *testing.T) {
		b := newImport(t, nil)
		path := listFile(t, "a.csv", tinyPatrons)
		b.choose(t, path)
		b.im.ShowColumns()
		if err := os.WriteFile(path, []byte(tinyPatrons+"90003,Marsh,Cleo,8A,\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.next(t, screen.ImportColumns)
		said(t, b.im.Said().Words, "The file was changed while it was read.")
		b.next(t, screen.ImportPlan)
		said(t, b.counts(), "3 new")
	})
	t.Run("a stop while the list is taken in changes nothing", func(t *testing.T) {
		b := newImport(t, nil)
		many := strings.Builder{}
		many.WriteString("cardnumber,surname,firstname\n")
		for i := range 5000 {
			fmt.Fprintf(&many, "9%05d,Last%d,First\n", i, i)
		}
		b.plan(t, listFile(t, "a.csv", many.String()))
		b.im.Do(false)
		b.im.Stop()
		said(t, b.im.Busy(), "Stopping.")
		b.Settle()
		if b.im.Step() != screen.ImportPlan || b.patrons(t).Patrons != 0 {
			t.Fatal(b.im.Step(), b.patrons(t))
		}
		said(t, b.im.Said().Words, "Stopped. Nothing was changed.")
		b.do(t)
	})
	t.Run("a database that is busy is said, and nothing was changed", func(t *testing.T) {
		b := newImport(t, nil)
		b.plan(t, listFile(t, "a.csv", tinyPatrons))
		release := hold(t, b.Bench)
		b.im.Do(false)
		b.Settle()
		said(t, b.im.Said().Words, "Nothing was changed.")
		if b.im.Step() != screen.ImportPlan || !b.im.Said().Bad {
			t.Error(b.im.Step())
		}
		release()
		b.do(t)
	})
}

// hold keeps the database from being written.
func hold(t *testing.T, b *screentest.Bench) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", b.Place().Database())
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.Conn(t.Context())
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		_, _ = tx.ExecContext(t.Context(), "ROLLBACK")
		_ = tx.Close()
		_ = db.Close()
	}
}

func TestLists(t *testing.T) {
	lists := func(t *testing.T, b *screentest.Bench) *screen.Lists {
		t.Helper()
		l := screen.NewLists(b.Desk)
		l.Refresh(screen.Change{})
		b.Settle()
		b.Settle()
		if !l.Loaded() {
			t.Fatal(l.Problem())
		}
		return l
	}
	imported := func(t *testing.T) *importBench {
		t.Helper()
		b := newImport(t, nil)
		b.Configured()
		b.choose(t, listFile(t, "a.csv", tinyPatrons))
		b.im.ShowColumns()
		b.im.SetName("Ours")
		b.next(t, screen.ImportPlan)
		b.do(t)
		return b
	}
	t.Run("the last imports are listed, and the last one of a kind can be undone", func(t *testing.T) {
		b := imported(t)
		l := lists(t, b.Bench)
		all := l.Imports()
		if len(all) != 1 || all[0].What != "2 patrons imported: 2 new, 0 changed, 0 gone." || all[0].File != `a.csv, read as "Ours"` || !all[0].MayUndo {
			t.Fatalf("%+v", all)
		}
		title, text := l.UndoWords(0)
		said(t, title+text, "Undo the import of a.csv?", "2 patrons it brought are removed.")
		l.Undo(0)
		b.Settle()
		said(t, l.Said().Words, "The import was undone.")
		if p := l.Imports()[0]; p.MayUndo || !strings.HasPrefix(p.Undone, "undone ") || b.patrons(t).Patrons != 0 {
			t.Errorf("%+v", p)
		}
		if len(l.Journal()) != 2 {
			t.Error(l.Journal())
		}
	})
	t.Run("kept answers are renamed and deleted", func(t *testing.T) {
		b := imported(t)
		l := lists(t, b.Bench)
		l.Rename(0, " Koha ")
		b.Settle()
		if m := l.Mappings(); len(m) != 1 || m[0].Name != "Koha" {
			t.Fatalf("%+v", m)
		}
		if l.NameWrong(0, " ") == "" {
			t.Error("no name is a name")
		}
		l.Forget(0)
		b.Settle()
		if len(l.Mappings()) != 0 {
			t.Error(l.Mappings())
		}
	})
	t.Run("two kept answers of a kind never get the same name", func(t *testing.T) {
		b := imported(t)
		if err := b.Store.SaveMapping(t.Context(), data.Mapping{Name: "Other", Kind: data.RosterPatrons, Columns: map[string]string{"a": "key"}}); err != nil {
			t.Fatal(err)
		}
		l := lists(t, b.Bench)
		if got := l.NameWrong(1, "Other"); !strings.Contains(got, "already") && l.Mappings()[1].Name != "Other" {
			t.Error(got)
		}
		l.Rename(1, l.Mappings()[0].Name)
		b.Settle()
		if len(l.Mappings()) != 2 {
			t.Error(l.Mappings())
		}
	})
	t.Run("the folder for lists is chosen, says what lies there, and is given up", func(t *testing.T) {
		b := imported(t)
		l := lists(t, b.Bench)
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "loans.csv"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "picture.png"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		l.SetFolder(folder)
		b.Settle()
		b.Settle()
		files, _, bad := l.Lying()
		if l.Folder() != folder || len(files) != 1 || files[0].Name != "loans.csv" || bad {
			t.Fatal(l.Folder(), files, l.Said())
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		l.Refresh(screen.Change{Store: true})
		b.Settle()
		b.Settle()
		if _, note, bad := l.Lying(); !bad || !strings.Contains(note, "not there") {
			t.Error(note)
		}
		l.SetFolder("")
		b.Settle()
		if l.Folder() != "" {
			t.Error(l.Folder())
		}
	})
	t.Run("a held list is taken in by hand from where it lies, and then it waits no more", func(t *testing.T) {
		b := imported(t)
		folder := t.TempDir()
		path := filepath.Join(folder, "nightly.csv.held")
		if err := os.WriteFile(path, []byte("Card,Surname,First name\n7001,Ziegler,Zoe\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := b.Now().Add(-time.Hour)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		l := lists(t, b.Bench)
		l.SetFolder(folder)
		b.Settle()
		b.Settle()
		held, _ := l.Held()
		if len(held) != 1 || held[0].Path != path || held[0].Over != "" {
			t.Fatalf("%+v", held)
		}
		im := screen.NewImport(b.Desk)
		im.Choose(held[0].Path)
		b.Settle()
		if _, name := im.Remember(); im.Step() != screen.ImportLook || name != "nightly" {
			t.Fatal(im.Step(), im.Said(), name)
		}
		im.ShowColumns()
		im.Next()
		b.Settle()
		im.Do(true)
		b.Settle()
		if im.Step() != screen.ImportDone {
			t.Fatal(im.Step(), im.Said())
		}
		l.Refresh(screen.Change{Store: true})
		b.Settle()
		b.Settle()
		if held, _ := l.Held(); len(held) != 1 || !strings.HasPrefix(held[0].Over, "It was taken in by hand today at ") {
			t.Errorf("%+v", held)
		}
	})
	t.Run("what was taken in by itself last is said, of each kind, and marked among the others", func(t *testing.T) {
		b := imported(t)
		if got := lists(t, b.Bench).ByItself(); len(got) != 0 {
			t.Fatal(got)
		}
		for i, name := range []string{"old.csv", "new.csv"} {
			set := &data.ChangeSet{Batch: &data.Batch{Kind: data.RosterPatrons, File: name, Origin: name}, New: []data.Changed{{After: &data.Patron{Key: name, Last: "Zed"}}}}
			var err error
			if set.Base, err = b.Store.RosterRevision(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Store.Import(t.Context(), set, nil); err != nil {
				t.Fatal(i, err)
			}
		}
		l := lists(t, b.Bench)
		if got := l.ByItself(); len(got) != 1 || got[0].File != "new.csv, by itself" || l.Imports()[1].File != "old.csv, by itself" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("lists that were held lie there with their reason, and nothing else is read", func(t *testing.T) {
		b := imported(t)
		l := lists(t, b.Bench)
		folder, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.txt")
		old := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
		for name, text := range map[string]string{
			filepath.Join(folder, "loans.csv"): "x", filepath.Join(folder, "patrons.csv.held"): "x", filepath.Join(folder, "late.csv.HELD"): "x",
			filepath.Join(folder, "patrons.csv.held.txt"): "\ufeffIt looks cut short:\x1b 12 of 400 patrons.\r\nExport it again.\n",
			filepath.Join(folder, "long.csv.held"):        "x", filepath.Join(folder, "long.csv.held.txt"): strings.Repeat("long ", 1<<20),
			filepath.Join(folder, "mail.csv.held"): "x", filepath.Join(folder, "mail.csv.held.txt"): "SMTP Gateway: about the file \"mail.csv\"\r\n\r\nIt is empty.\r\n",
			filepath.Join(folder, "sly.csv.held"): "x", outside: "not for you",
		} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(name, old, old); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(outside, filepath.Join(folder, "sly.csv.held.txt")); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(folder, "patrons.csv.held"), old.Add(time.Hour), old.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		l.SetFolder(folder)
		b.Settle()
		b.Settle()
		files, _, bad := l.Lying()
		if len(files) != 1 || files[0].Name != "loans.csv" || bad {
			t.Error("held lists and reasons are shown as lists that wait: ", files)
		}
		held, more := l.Held()
		if len(held) != 5 || more || held[0].Name != "patrons.csv" || held[0].Note == "" {
			t.Fatal(held, more)
		}
		why := map[string]string{}
		for _, h := range held {
			why[h.Name] = h.Why
		}
		if got := why["patrons.csv"]; !strings.HasPrefix(got, "It looks cut short:") || !strings.HasSuffix(got, "12 of 400 patrons.") || strings.Contains(got, "\x1b") {
			t.Errorf("%q", got)
		}
		if got := why["mail.csv"]; got != "It is empty." {
			t.Errorf("%q", got)
		}
		if got := why["long.csv"]; len(got) > 310 || !strings.HasPrefix(got, "long long") {
			t.Errorf("%d octets: %.40q", len(got), got)
		}
		for _, name := range []string{"late.csv", "sly.csv"} {
			if got := why[name]; got == "" || strings.Contains(got, "not for you") {
				t.Errorf("%s: %q", name, got)
			}
		}
		l.SetFolder("")
		b.Settle()
		b.Settle()
		if held, _ := l.Held(); len(held) != 0 {
			t.Error(held)
		}
	})
	t.Run("the patrons are written into a file that can be taken in again without a change", func(t *testing.T) {
		b := imported(t)
		l := lists(t, b.Bench)
		path := filepath.Join(t.TempDir(), "patrons.csv")
		l.ExportPatrons(path, false, nil)
		b.Settle()
		if words, failed := l.Exported(); failed {
			t.Fatal(words)
		}
		b.im.Another()
		b.plan(t, path)
		if got := b.counts(); got != "0 new, 0 changed, 0 have left, 2 as before, 0 problems" {
			t.Error(got)
		}
	})
}

// BenchmarkImportPlan is what a person waits for between the columns and the difference: 50,000 patrons, and as many again.
func BenchmarkImportPlan(b *testing.B) {
	bench := screentest.New(b)
	bench.Look()
	im := screen.NewImport(bench.Desk)
	var many strings.Builder
	many.WriteString("cardnumber,surname,firstname,class,email\n")
	for i := range 50_000 {
		fmt.Fprintf(&many, "9%05d,Last%d,First,7B,p%d@school.test\n", i, i, i)
	}
	path := filepath.Join(b.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(many.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	im.Choose(path)
	bench.Settle()
	im.ShowColumns()
	im.Next()
	bench.Settle()
	im.Do(false)
	bench.Settle()
	if im.Step() != screen.ImportDone {
		b.Fatal(im.Said())
	}
	for b.Loop() {
		im.Another()
		im.Choose(path)
		bench.Settle()
		im.Next()
		bench.Settle()
		if im.Step() != screen.ImportPlan || !im.Nothing() {
			b.Fatal(im.Said(), im.Counts())
		}
	}
}
