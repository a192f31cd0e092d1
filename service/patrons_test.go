package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// list writes a file another system exported.
func list(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	pupils = "StKey,Firstname,Surname,pGroup,Level,Email\n1,Ben,Cole,7B,7,ben@school.org\n2,Eve,Dunn,8A,8,\n"
	books  = "StKey,Title,Barcode,Due Date\n1,Dune,001,2026-11-20\n2,Emma,002,2026-12-24\n"
)

func TestPatronsImport(t *testing.T) {
	t.Run("it shows what it understood and what would change, then takes the list in", func(t *testing.T) {
		d := newDesk(t)
		out := d.ok("patrons", "import", list(t, "pupils.csv", pupils))
		for _, want := range []string{"as BiblioTECH writes it", "Group", "7B", "2 rows: 2 new", "Taken in: 2 rows"} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is missing:\n%s", want, out)
			}
		}
		if out := d.ok("patrons", "list"); !strings.Contains(out, "Cole, Ben") || !strings.Contains(out, "ben@school.org") {
			t.Fatal(out)
		}
	})
	t.Run("--dry-run changes nothing", func(t *testing.T) {
		d := newDesk(t)
		var v importView
		d.json(&v, "patrons", "import", list(t, "pupils.csv", pupils), "--dry-run")
		if v.New != 2 || v.Done || !strings.Contains(d.ok("patrons", "list"), "No patrons here") {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("the same list again changes nothing, and what is gone, changed and new is told", func(t *testing.T) {
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", pupils))
		var v importView
		d.json(&v, "patrons", "import", list(t, "a.csv", pupils))
		if v.Same != 2 || v.New+v.Changed+v.Gone != 0 || !v.Done {
			t.Fatalf("%+v", v)
		}
		d.json(&v, "patrons", "import", list(t, "a.csv", strings.Replace(pupils, "2,Eve,Dunn,8A", "3,Zoe,Frost,9C", 1)))
		if v.Same != 1 || v.New != 1 || v.Gone != 1 {
			t.Fatalf("%+v", v)
		}
		if out := d.ok("patrons", "list", "--filter", "left"); !strings.Contains(out, "Dunn") {
			t.Fatal(out)
		}
	})
	t.Run("a question nobody is there to answer comes with the flag that answers it", func(t *testing.T) {
		d := newDesk(t)
		file := list(t, "p.csv", "No,Name,mail a,mail b\n1,\"Cole, Ben\",ben@school.org,mum@home.org\n")
		code, _, errs := d.run("patrons", "import", file)
		if code != exitData || !strings.Contains(errs, "person's own address") || !strings.Contains(errs, `--map "mail a=email"`) {
			t.Fatal(code, errs)
		}
		code, _, errs = d.run("patrons", "import", file, "--map", "No=key,mail a=email", "--map", "mail b=guardian_email")
		if code != exitData || !strings.Contains(errs, "last name") || !strings.Contains(errs, "--name-order last-first") {
			t.Fatal(code, errs)
		}
		d.ok("patrons", "import", file, "--map", "No=key,mail a=email", "--map", "mail b=guardian_email", "--name-order", "last-first", "--save-mapping", "ours")
		var all []patronView
		d.json(&all, "patrons", "list", "--search", "cole")
		if len(all) != 1 || all[0].First != "Ben" || all[0].Email != "ben@school.org" || all[0].Guardians[0].Email != "mum@home.org" {
			t.Fatalf("%+v", all)
		}
		if out := d.ok("patrons", "import", list(t, "next.csv", "No,Name,mail a,mail b\n1,\"Cole, Ben\",ben@school.org,dad@home.org\n")); !strings.Contains(out, "1 changed") {
			t.Fatalf("the mapping is known now, nothing is asked: %s", out)
		}
	})
	t.Run("a column or a field that is not there is named", func(t *testing.T) {
		d := newDesk(t)
		file := list(t, "p.csv", pupils)
		if code, _, errs := d.run("patrons", "import", file, "--map", "Mail=email"); code != exitUsage || !strings.Contains(errs, `"Mail"`) || !strings.Contains(errs, `"StKey"`) {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("patrons", "import", file, "--map", "Email=post"); code != exitUsage || !strings.Contains(errs, "guardian_email") {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("patrons", "import", file, "--map", "Email=email,Level=email"); code != exitUsage || !strings.Contains(errs, "Only one can") {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("patrons", "import", file, "--complete", "--partial"); code != exitUsage {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("patrons", "import", file, "--mapping", "none"); code != exitNoInput {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("patrons", "import", filepath.Join(t.TempDir(), "no.csv")); code != exitNoInput || !strings.Contains(errs, "not there") {
			t.Fatal(code, errs)
		}
	})
	t.Run("a truncated list is held back until a person says yes", func(t *testing.T) {
		d := newDesk(t)
		var b strings.Builder
		b.WriteString("StKey,Firstname,Surname,pGroup\n")
		for i := range 40 {
			b.WriteString(strings.Repeat("9", i+1) + ",Kim,Cole,7B\n")
		}
		whole := b.String()
		d.ok("patrons", "import", list(t, "a.csv", whole))
		cutShort := list(t, "a.csv", whole[:len(whole)/8])
		code, _, errs := d.run("patrons", "import", cutShort)
		if code != exitData || !strings.Contains(errs, "may be cut short") || !strings.Contains(errs, "--yes") {
			t.Fatal(code, errs)
		}
		var all []patronView
		d.json(&all, "patrons", "list")
		if len(all) != 40 {
			t.Fatalf("%d", len(all))
		}
		d.ok("patrons", "import", cutShort, "--yes")
		d.json(&all, "patrons", "list")
		if len(all) >= 40 {
			t.Fatalf("%d", len(all))
		}
		d.ok("patrons", "undo")
		d.json(&all, "patrons", "list")
		if len(all) != 40 {
			t.Fatalf("after undo: %d", len(all))
		}
	})
	t.Run("problems are told with row, column, value and remedy, and stop nobody else", func(t *testing.T) {
		d := newDesk(t)
		out := d.ok("patrons", "import", list(t, "a.csv", strings.Replace(pupils, "ben@school.org", "ben at school", 1)))
		if !strings.Contains(out, `Row 2, column Email, "ben at school"`) || !strings.Contains(out, "Taken in: 2 rows, 2 new") {
			t.Fatal(out)
		}
		code, _, errs := d.run("patrons", "import", list(t, "a.csv", "StKey,Surname,pGroup\n2.35E+13,Cole,7B\n2.36E+13,Dunn,7B\n"))
		if code != exitData || !strings.Contains(errs, "Excel") {
			t.Fatal(code, errs)
		}
	})
	t.Run("letters that a list would end are counted before, with the reason that is true of it", func(t *testing.T) {
		d := newDesk(t, "from.address=library@example.org", "practice.letters=false")
		d.pupils(5)
		d.ok("letters", "queue", "--yes")
		out := d.ok("patrons", "import", "--dry-run", "--complete", list(t, "a.csv", "StKey,Firstname,Surname,pGroup\nE1,Eve,Dunn,8A\n"))
		if !strings.Contains(out, "1 row: ") || !strings.Contains(out, "1 waiting letter or notice would be cancelled: their reader has left") {
			t.Fatal(out)
		}
	})
	t.Run("e-mail addresses come by card number to patrons who are here", func(t *testing.T) {
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", "StKey,Card,Firstname,Surname,pGroup\n1,A1,Ben,Cole,7B\n2,A2,Eve,Dunn,8A\n"))
		out := d.ok("patrons", "import", "--addresses", list(t, "mail.csv", "Card,Email\na2,eve@school.org\nA9,nobody@school.org\n"))
		if !strings.Contains(out, "1 changed") || !strings.Contains(out, "Nobody here has this card number") {
			t.Fatal(out)
		}
		if out := d.ok("patrons", "show", "A2"); !strings.Contains(out, "eve@school.org") {
			t.Fatal(out)
		}
		d.ok("patrons", "undo", "--addresses")
		if out := d.ok("patrons", "show", "A2"); strings.Contains(out, "E-mail  ") {
			t.Fatal(out)
		}
	})
	t.Run("what a person imports stands in the log, in numbers only", func(t *testing.T) {
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", pupils))
		d.ok("patrons", "undo")
		out := d.ok("log")
		if !strings.Contains(out, "List of patrons imported by a person: 2 rows, 2 new") || !strings.Contains(out, "undone by a person") || strings.Contains(out, "Cole") {
			t.Fatal(out)
		}
	})
}

func TestPatronsCommand(t *testing.T) {
	start := func(t *testing.T) *desk {
		t.Helper()
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", pupils))
		d.ok("loans", "import", list(t, "b.csv", books))
		return d
	}
	t.Run("show tells loans and what happened", func(t *testing.T) {
		d := start(t)
		d.ok("patrons", "hold", "1", "--until", "2099-01-01", "--reason", "ill")
		out := d.ok("patrons", "show", "1")
		for _, want := range []string{"Ben Cole", "7B", "Dune", "What happened"} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is missing:\n%s", want, out)
			}
		}
		var v struct {
			Key      string
			Loans    []data.Loan
			Timeline []timelineView
		}
		d.json(&v, "patrons", "show", "1")
		if v.Key != "1" || len(v.Loans) != 1 || len(v.Timeline) == 0 {
			t.Fatalf("%+v", v)
		}
		if code, _, _ := d.run("patrons", "show", "nobody"); code != exitNoInput {
			t.Fatal(code)
		}
	})
	t.Run("list finds by search, group and filter", func(t *testing.T) {
		d := start(t)
		for _, one := range []struct{ args, want string }{
			{"--search=dun", "Dunn"}, {"--group=7B", "Cole"}, {"--filter=no-address", "Dunn"}, {"--filter=overdue", "Cole"}, {"--after=1", "Dunn"},
		} {
			if out := d.ok("patrons", "list", one.args); !strings.Contains(out, one.want) || strings.Count(out, "\n") != 2 {
				t.Errorf("%s: %s", one.args, out)
			}
		}
		if code, _, _ := d.run("patrons", "list", "--filter", "odd"); code != exitUsage {
			t.Fatal(code)
		}
	})
	t.Run("an export comes back as it was, and no formula is one in it", func(t *testing.T) {
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", strings.Replace(pupils, "Cole", `"=cmd()"`, 1)))
		file := filepath.Join(t.TempDir(), "all.csv")
		d.ok("patrons", "export", file)
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), "'=cmd()") {
			t.Fatalf("%v %s", err, text)
		}
		if out := d.ok("patrons", "import", file); !strings.Contains(out, "0 new, 0 changed, 0 gone") {
			t.Fatal(out)
		}
		var all []data.Patron
		d.json(&all, "patrons", "export", "-")
		if len(all) != 2 || all[0].Last != "=cmd()" {
			t.Fatalf("%+v", all)
		}
		if out := d.ok("patrons", "export", "-"); !strings.HasPrefix(out, "\ufeffKey,Card") {
			t.Fatal(out)
		}
	})
	t.Run("all that is known of one is exported, and deleted", func(t *testing.T) {
		d := start(t)
		file := filepath.Join(t.TempDir(), "ben.json")
		for _, args := range [][]string{{"patrons", "export", file + ".pdf"}, {"patrons", "export", file + ".csv", "--patron", "1"}} {
			if code, _, said := d.run(args...); code != exitUsage || !strings.Contains(said, "written as") {
				t.Fatal(code, said)
			}
		}
		d.ok("patrons", "export", file, "--patron", "1")
		var f data.PatronFile
		if text, err := os.ReadFile(file); err != nil || json.Unmarshal(text, &f) != nil || f.Patron.Key != "1" || len(f.Loans) != 1 {
			t.Fatalf("%v %+v", err, f)
		}
		if code, _, errs := d.run("patrons", "delete", "1"); code != exitUsage || !strings.Contains(errs, "--yes") {
			t.Fatal(code, errs)
		}
		d.ok("patrons", "delete", "1", "--yes")
		if code, _, _ := d.run("patrons", "show", "1"); code != exitNoInput {
			t.Fatal(code)
		}
	})
	t.Run("a person or a loan is held until a day, and no longer", func(t *testing.T) {
		d := start(t)
		day := time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
		d.ok("patrons", "hold", "1", "--until", day, "--reason", "ill")
		if out := d.ok("patrons", "show", "1"); !strings.Contains(out, day+". ill") {
			t.Fatal(out)
		}
		d.ok("patrons", "hold", "1", "--lift")
		if out := d.ok("patrons", "list", "--filter", "held"); !strings.Contains(out, "No patrons") {
			t.Fatal(out)
		}
		d.ok("loans", "hold", "002", "--until", day)
		var all []loanView
		d.json(&all, "loans", "list", "--patron", "2")
		if len(all) != 1 || all[0].HoldUntil.String() != day {
			t.Fatalf("%+v", all)
		}
		for _, bad := range [][]string{{"1"}, {"1", "--until", "soon"}, {"1", "--until", "2020-01-01"}} {
			if code, _, _ := d.run(append([]string{"patrons", "hold"}, bad...)...); code != exitUsage {
				t.Fatal(bad, code)
			}
		}
		if code, _, _ := d.run("loans", "hold", "999", "--until", day); code != exitNoInput {
			t.Fatal(code)
		}
	})
}

// TestAsked sits in front of the program.
func TestAsked(t *testing.T) {
	q := roster.Question{Ask: "Which?", Many: true, Field: "guardian_email", Proposed: []string{"b"}, Choices: []roster.Choice{{Value: "a", Label: "a"}, {Value: "b", Label: "b", Example: "x@y.org"}}}
	for _, one := range []struct{ name, typed, want string }{
		{"a number is that choice", "1\n", "a"},
		{"Enter takes what is proposed", "\n", "b"},
		{"several parted by commas", "2, 1\n", "b a"},
		{"0 is none of them", "0\n", ""},
		{"nonsense is asked again", "seven\n3\n-1\n1\n", "a"},
		{"the last line needs no end", "1", "a"},
	} {
		t.Run(one.name, func(t *testing.T) {
			var out strings.Builder
			a := &app{Streams: Streams{In: strings.NewReader(one.typed), Out: &out}}
			got, err := a.choose(q)
			if err != nil || strings.Join(got, " ") != one.want || !strings.Contains(out.String(), "x@y.org") {
				t.Fatalf("%q %v\n%s", got, err, out.String())
			}
		})
	}
	t.Run("without an answer nothing is changed", func(t *testing.T) {
		var out strings.Builder
		a := &app{Streams: Streams{In: strings.NewReader(""), Out: &out}}
		if _, err := a.choose(q); data.CodeOf(err) != data.CodeBadList {
			t.Fatal(err)
		}
	})
}

func TestLoansCommand(t *testing.T) {
	t.Run("what is missing from a list is back, and undo puts it out again", func(t *testing.T) {
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", pupils))
		d.ok("loans", "import", list(t, "b.csv", books))
		var all []loanView
		d.json(&all, "loans", "list", "--overdue")
		if len(all) != 1 || all[0].Title != "Dune" || all[0].Late < 1 {
			t.Fatalf("%+v", all)
		}
		out := d.ok("loans", "import", list(t, "b.csv", strings.Replace(books, "1,Dune,001,2026-11-20\n", "", 1)))
		if !strings.Contains(out, "1 back") {
			t.Fatal(out)
		}
		d.json(&all, "loans", "list")
		if len(all) != 1 {
			t.Fatalf("%+v", all)
		}
		d.ok("loans", "undo")
		d.json(&all, "loans", "list")
		if len(all) != 2 {
			t.Fatalf("%+v", all)
		}
		if code, _, errs := d.run("loans", "undo"); code != exitTemporary || !strings.Contains(errs, "no import that can be undone") {
			t.Fatal(code, errs)
		}
	})
	t.Run("an ambiguous date is asked about with the day spelled out, and the answer is kept", func(t *testing.T) {
		d := newDesk(t)
		d.ok("patrons", "import", list(t, "a.csv", pupils))
		text := "StKey,Title,Barcode,Due Date\n1,Dune,001,03/04/2026\n2,Emma,002,05/04/2026\n"
		code, _, errs := d.run("loans", "import", list(t, "b.csv", text))
		if code != exitData || !strings.Contains(errs, "3 April 2026") || !strings.Contains(errs, "4 March 2026") || !strings.Contains(errs, "--date-order dmy") {
			t.Fatal(code, errs)
		}
		d.ok("loans", "import", list(t, "b.csv", text), "--date-order", "dmy", "--save-mapping", "nightly")
		var all []loanView
		d.json(&all, "loans", "list")
		if len(all) != 2 || all[0].Due.String() != "2026-04-03" {
			t.Fatalf("%+v", all)
		}
		d.ok("loans", "import", list(t, "b.csv", text))
		if out := d.ok("patrons", "mappings"); !strings.Contains(out, "nightly") {
			t.Fatal(out)
		}
		d.ok("patrons", "mappings", "delete", "nightly")
		if code, _, _ := d.run("patrons", "mappings", "delete", "nightly"); code != exitNoInput {
			t.Fatal(code)
		}
		var records []data.ImportRecord
		d.json(&records, "patrons", "imports")
		if len(records) != 3 || records[0].Kind != data.RosterLoans || records[0].Same != 2 || records[0].Mapping != "nightly" {
			t.Fatalf("%+v", records)
		}
	})
	t.Run("a list of loans is not taken for people", func(t *testing.T) {
		d := newDesk(t)
		if code, _, errs := d.run("patrons", "import", list(t, "b.csv", books)); code != exitData || !strings.Contains(errs, "smtp-gateway loans import") {
			t.Fatal(code, errs)
		}
	})
}
