package screen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func TestLettersPrint(t *testing.T) {
	write := func(t *testing.T, b *screentest.Bench, p *screen.LettersPrint, path string) string {
		t.Helper()
		p.Write(path, false, false, screen.Asks{Exists: func() { t.Error("it is there already") }, Poor: func(w []string) { t.Error(w) }})
		b.Settle()
		if said, failed := p.Said(); failed || p.Written() != path {
			t.Fatal(said)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	t.Run("all that are ticked, or only those whom no e-mail reaches", func(t *testing.T) {
		b, l := letterSchool(t)
		made(t, b, l)
		p := l.Print()
		folder := t.TempDir()
		if got := write(t, b, p, filepath.Join(folder, "a.pdf")); !strings.HasPrefix(got, "%PDF-") {
			t.Error(got[:20])
		}
		p.SetHTML(true)
		if got := write(t, b, p, filepath.Join(folder, "a.html")); !strings.Contains(got, "Ada Fennimore") || !strings.Contains(got, "Cleo Marsh") {
			t.Error(got)
		}
		p.SetOnlyPaper(true)
		if got := write(t, b, p, filepath.Join(folder, "b.html")); strings.Contains(got, "Ada Fennimore") || !strings.Contains(got, "Cleo Marsh") {
			t.Error(got)
		}
		l.TickShown(false)
		if p.Can() {
			t.Error("nothing can be printed")
		}
		b.Settle()
		p.ShowFolder()
		b.Settle()
		if len(b.Desktop.Opened) != 1 || b.Desktop.Opened[0] != folder {
			t.Error(b.Desktop.Opened)
		}
	})
	t.Run("the shelf check names nobody and lists what is held too; class lists can do without titles", func(t *testing.T) {
		b, l := letterSchool(t)
		pickLetter(t, l, "Letters - All Loans")
		p := l.Print()
		p.SetHTML(true)
		folder := t.TempDir()
		shelf := write(t, b, p, filepath.Join(folder, "s.html"))
		if !strings.Contains(shelf, "Rivers") || !strings.Contains(shelf, "The Grey Tower") || strings.Contains(shelf, "Fennimore") {
			t.Error(shelf)
		}
		p.SetWhat(1)
		if got := write(t, b, p, filepath.Join(folder, "c.html")); !strings.Contains(got, "Fennimore") || !strings.Contains(got, "Rivers") {
			t.Error(got)
		}
		p.SetWhat(2)
		if got := write(t, b, p, filepath.Join(folder, "d.html")); !strings.Contains(got, "Fennimore") || strings.Contains(got, "Rivers") {
			t.Error(got)
		}
	})
	t.Run("a file of this name is not lost without a question", func(t *testing.T) {
		b, l := letterSchool(t)
		made(t, b, l)
		p := l.Print()
		path := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		asked := 0
		p.Write(path, false, false, screen.Asks{Exists: func() { asked++ }})
		b.Settle()
		if got, _ := os.ReadFile(path); asked != 1 || string(got) != "mine" {
			t.Fatal(asked, string(got))
		}
		p.Write(path, true, false, screen.Asks{})
		b.Settle()
		if got, _ := os.ReadFile(path); !strings.HasPrefix(string(got), "%PDF-") {
			t.Error("it was not replaced")
		}
	})
	t.Run("characters a PDF lacks are said before it is written", func(t *testing.T) {
		b, l := letterSchool(t)
		b.People(data.Patron{Key: "1009", First: "明", Last: "王", Group: "8A", Email: "ming@school.test"})
		b.Lend("1009", data.Loan{Barcode: "30009", Title: "红楼梦", Due: data.DateOf(schoolMorning) - 3})
		b.Look()
		made(t, b, l)
		p := l.Print()
		path := filepath.Join(t.TempDir(), "x.pdf")
		var poor []string
		p.Write(path, false, false, screen.Asks{Poor: func(w []string) { poor = w }})
		b.Settle()
		if _, err := os.Stat(path); len(poor) == 0 || err == nil {
			t.Fatal(poor, err)
		}
		p.Write(path, false, true, screen.Asks{})
		b.Settle()
		if p.Written() == "" {
			t.Error(p.Said())
		}
	})
	t.Run("a folder that is not there is said, and no file is left behind", func(t *testing.T) {
		b, l := letterSchool(t)
		made(t, b, l)
		p := l.Print()
		for _, path := range []string{"", "letters.pdf", filepath.Join(t.TempDir(), "no", "x.pdf")} {
			p.Write(path, false, false, screen.Asks{})
			b.Settle()
			if said, failed := p.Said(); !failed || said == "" || p.Written() != "" {
				t.Errorf("%q: %q", path, said)
			}
		}
	})
}
