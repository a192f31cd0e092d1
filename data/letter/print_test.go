package letter_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// read is what a reader of PDF that is not ours finds on each sheet.
func read(t *testing.T, pages []letter.Page) []string {
	t.Helper()
	reader := program(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "a.pdf")
	var b bytes.Buffer
	if err := letter.PrintPDF(&b, pages); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), reader, "-layout", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	sheets := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i := range sheets {
		sheets[i] = strings.Join(strings.Fields(sheets[i]), " ")
	}
	return sheets
}

func page(t *testing.T, key string, f letter.Facts) letter.Page {
	t.Helper()
	tpl, _ := letter.Original(key, "de")
	f.Language = "de"
	return letter.NewPage(render(t, tpl, f), f)
}

func TestPrint(t *testing.T) {
	atHome := anna(3)
	atHome.Patron.Address = "Lange Straße 12\n12345 Überlingen"
	guardian := anna(3)
	guardian.Role, guardian.Disclosure = data.RoleGuardian, data.DiscloseCount
	t.Run("each letter begins a sheet, with address, date and all that its mail says", func(t *testing.T) {
		pages := []letter.Page{page(t, letter.KeyFinal, atHome), page(t, letter.KeyFirst, guardian)}
		sheets := read(t, pages)
		if len(sheets) != 2 {
			t.Fatalf("%d sheets", len(sheets))
		}
		has(t, sheets[0], "Schulbücherei am Lindenhof · Lindenhof 1 · 12345 Musterstadt", "Anna Berg Lange Straße 12 12345 Überlingen", "27. November 2026",
			pages[0].Letter.Subject, "Bei Verlust oder Beschädigung kann die Schule um Ersatz bitten. Der Wiederbeschaffungspreis beträgt insgesamt 37,50 €.",
			"Die unendliche Geschichte 0 Michael Ende 3000000 Di., 24. Nov. 2026 3 Tage überfällig 12,50 €", "Maria Möller")
		has(t, sheets[1], "An die Eltern oder Erziehungsberechtigten von Anna Berg 7b", "3 Medien; früheste Rückgabe: Di., 24. Nov. 2026.")
		lacks(t, sheets[1], "unendliche")
	})
	t.Run("a long list goes on, on sheets that say whose it is and repeat the head of the table", func(t *testing.T) {
		for _, paper := range []letter.Paper{letter.PaperA4, letter.PaperLetter} {
			p := page(t, letter.KeyAll, anna(100))
			p.Paper = paper
			sheets := read(t, []letter.Page{p})
			if len(sheets) < 3 || len(sheets) > 6 {
				t.Fatalf("%s: %d sheets", paper, len(sheets))
			}
			all := strings.Join(sheets, "\n")
			for i := range 100 {
				has(t, all, fmt.Sprintf(" %d ", 3000000+i))
			}
			for i, s := range sheets[1:] {
				if !strings.HasPrefix(s, fmt.Sprintf("Anna Berg – %d – Titel Autor Barcode", i+2)) {
					t.Errorf("%s: sheet %d begins %.80q", paper, i+2, s)
				}
			}
		}
	})
	t.Run("a signature is not alone on a sheet", func(t *testing.T) {
		for n := 1; n < 40; n++ {
			sheets := read(t, []letter.Page{page(t, letter.KeyAll, anna(n))})
			if last := sheets[len(sheets)-1]; !strings.Contains(last, "Vielen Dank für die Mithilfe.") {
				t.Errorf("with %d items the last sheet is %q", n, last)
			}
		}
	})
	t.Run("slips share a sheet; one that is too long becomes a letter", func(t *testing.T) {
		var pages []letter.Page
		for _, f := range []letter.Facts{atHome, guardian, anna(60), anna(1), anna(2)} {
			p := page(t, letter.KeyFirst, f)
			p.Slip = true
			pages = append(pages, p)
		}
		sheets := read(t, pages)
		if len(sheets) != 5 {
			t.Fatalf("%d sheets", len(sheets))
		}
		for _, i := range []int{0, 4} {
			if n := strings.Count(sheets[i], "nach unseren Unterlagen"); n != 2 {
				t.Errorf("%d slips on sheet %d: %s", n, i+1, sheets[i])
			}
		}
		has(t, sheets[0], "An die Eltern oder", "Die unendliche Geschichte 0 (Michael Ende) – fällig am Di., 24. Nov. 2026 (3 Tage überfällig)")
		lacks(t, sheets[0], "Lange Straße")
		var b bytes.Buffer
		if err := letter.PrintHTML(&b, pages); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), `<section class="slip"`); n != 4 || strings.Count(b.String(), `<section class="letter"`) != 1 {
			t.Errorf("%d slips in HTML", n)
		}
	})
	t.Run("the page for the browser is whole in itself", func(t *testing.T) {
		var b bytes.Buffer
		p := page(t, letter.KeyFinal, atHome)
		p.Paper = letter.PaperLetter
		other := page(t, letter.KeyFirst, guardian)
		if err := letter.PrintHTML(&b, []letter.Page{p, other}); err != nil {
			t.Fatal(err)
		}
		has(t, b.String(), `<html lang="de">`, "@page { size: letter;", "break-after: page", "Anna Berg<br>Lange Straße 12<br>12345 Überlingen", `<th scope="col" align="left">Titel</th>`)
		lacks(t, b.String(), "<script", "<img", "<link", "url(", "http", "%!")
	})
	t.Run("practice prints no banner: paper is handed out by a person", func(t *testing.T) {
		f := anna(1)
		f.Practice = letter.PracticeBanner("Anna", nil)
		var b bytes.Buffer
		if err := letter.PrintHTML(&b, []letter.Page{page(t, letter.KeyFirst, f)}); err != nil {
			t.Fatal(err)
		}
		lacks(t, b.String(), "PRACTICE")
	})
	t.Run("letters the font lacks are told, and do not print as boxes", func(t *testing.T) {
		f := anna(1)
		f.Patron.First, f.Loans[0].Title = "Nguyễn", "日本 😀 ЖЦ ελ ñçøåšęşő"
		p := page(t, letter.KeyFirst, f)
		problems := letter.PDFProblems([]letter.Page{page(t, letter.KeyFirst, anna(1)), p})
		if len(problems) != 1 || !problems[0].Warning {
			t.Fatalf("%+v", problems)
		}
		has(t, problems[0].Sentence, "Nguyễn Berg", "ễ", "日", "😀")
		lacks(t, strings.SplitN(problems[0].Sentence, ":", 2)[1], "Ж", "ñ", "ő")
		sheets := read(t, []letter.Page{p})
		has(t, sheets[0], "Nguyen Berg", "?? ? ЖЦ ελ ñçøåšęşő")
	})
	t.Run("an empty pile is an empty sheet", func(t *testing.T) {
		if sheets := read(t, nil); len(sheets) != 1 || sheets[0] != "" {
			t.Errorf("%q", sheets)
		}
	})
}

func TestLists(t *testing.T) {
	var lines []letter.ListLine
	add := func(id int64, first, last, class, call, title string, late int) {
		lines = append(lines, letter.ListLine{
			Patron: &data.Patron{ID: id, First: first, Last: last, Group: class},
			Loan:   data.Loan{Title: title, CallNumber: call, Author: "Ende", Barcode: fmt.Sprint(100 + len(lines)), Due: today - data.Date(late)},
		})
	}
	add(1, "Zoë", "Ärmel", "10b", "FIC 10", "Zehn", 1)
	add(2, "Anna", "Berg", "9a", "FIC 9", "Momo", 2)
	add(2, "Anna", "Berg", "9a", "", "Ohne", 5)
	add(3, "Bo", "Zander", "9a", "FIC 9", "Jim <Knopf>", 0)
	add(4, "Cem", "Öz", "", "921 B", "Leben", 3)
	o := letter.Lists{Library: data.Library{Name: "Bücherei", Language: "en"}, Today: today}
	t.Run("the shelf check is in the order of the shelves and names nobody", func(t *testing.T) {
		p := o.ShelfCheck(lines)
		want(t, "the text", p.Letter.Text, strings.Join([]string{
			"Look for these on the shelves before reminders go out; tick what is there.", "",
			"[ ] 921 B, Leben, Ende, 104", "[ ] FIC 9, Jim <Knopf>, Ende, 103", "[ ] FIC 9, Momo, Ende, 101", "[ ] FIC 10, Zehn, Ende, 100", "[ ] Ohne, Ende, 102", "",
		}, "\n"))
		sheets := read(t, []letter.Page{p})
		has(t, sheets[0], "Shelf check Bücherei · 27 November 2026", "FIC 9 Jim <Knopf> Ende 103 Fri 27 Nov 2026 FIC 9 Momo Ende 101 Wed 25 Nov 2026 FIC 10 Zehn")
		if len(letter.PDFProblems([]letter.Page{p})) != 0 {
			t.Errorf("the boxes cannot be printed")
		}
		var b bytes.Buffer
		if err := letter.PrintHTML(&b, []letter.Page{p}); err != nil {
			t.Fatal(err)
		}
		has(t, b.String(), "Jim &lt;Knopf&gt;", "☐")
		lacks(t, b.String()+sheets[0]+p.Letter.Text, "Berg", "Zoë")
	})
	t.Run("class lists are by class and name", func(t *testing.T) {
		pages := o.ClassLists(lines, true)
		var classes []string
		for _, p := range pages {
			classes = append(classes, p.Class)
		}
		if !slices.Equal(classes, []string{"", "9a", "10b"}) {
			t.Fatalf("%q", classes)
		}
		want(t, "the subject", pages[1].Letter.Subject, "Class list 9a")
		want(t, "the text", pages[1].Letter.Text, strings.Join([]string{
			"Items on loan that are due.", "", "Berg, Anna", "  Ohne, due Sun 22 Nov 2026 (5 days late)", "  Momo, due Wed 25 Nov 2026 (2 days late)",
			"Zander, Bo", "  Jim <Knopf>, due Fri 27 Nov 2026 (today)", "",
		}, "\n"))
		if sheets := read(t, pages); len(sheets) != 3 {
			t.Errorf("%d sheets", len(sheets))
		}
	})
	t.Run("without titles a teacher reads how many and since when", func(t *testing.T) {
		pages := o.ClassLists(lines, false)
		want(t, "the text", pages[1].Letter.Text, "Items on loan that are due.\n\nBerg, Anna\n  2 items; earliest due date: Sun 22 Nov 2026.\nZander, Bo\n  1 item; due date: Fri 27 Nov 2026.\n")
		var b bytes.Buffer
		if err := letter.PrintHTML(&b, pages); err != nil {
			t.Fatal(err)
		}
		all := b.String() + strings.Join(read(t, pages), "")
		for _, p := range pages {
			all += p.Letter.Text + p.Letter.HTML
		}
		lacks(t, all, "Momo", "Ohne", "Knopf", "Zehn", "Leben", "FIC", "Ende")
	})
	t.Run("an empty list says so", func(t *testing.T) {
		has(t, o.ShelfCheck(nil).Letter.Text, "Nothing is on loan at the moment.")
		if len(o.ClassLists(nil, true)) != 0 {
			t.Errorf("a class of nobody")
		}
	})
}

func TestHardest(t *testing.T) {
	r := &data.Roster{Loans: map[int64][]data.Loan{}}
	add := func(p data.Patron, loans ...data.Loan) {
		p.ID = int64(len(r.Patrons) + 1)
		r.Patrons = append(r.Patrons, p)
		r.Loans[p.ID] = loans
	}
	one := data.Loan{Title: "Momo"}
	add(data.Patron{First: "A", Last: "B", Email: "a@x.org"}, one)
	add(data.Patron{First: "Wolfeschlegelsteinhausenbergerdorff", Last: "Senior", Email: "a@x.org"}, one)
	add(data.Patron{First: "Ann", Last: "C", Email: "a@x.org"}, one, one, one)
	add(data.Patron{First: "Zoë", Last: "Öz", Email: "a@x.org"}, one)
	add(data.Patron{First: "Bo", Last: "D"}, one)
	add(data.Patron{First: "Eva", Last: "E", Email: "a@x.org"}, data.Loan{Title: strings.Repeat("long ", 30)})
	add(data.Patron{First: "F", Last: "F", Email: "a@x.org"})
	t.Run("each kind of trouble is shown by somebody else", func(t *testing.T) {
		var got []string
		for _, h := range letter.Hardest(r) {
			got = append(got, fmt.Sprintf("%s: %d", h.Why, h.Patron))
		}
		want(t, "the list", strings.Join(got, ", "), "longest name: 1, most items: 2, letters with accents: 3, longest title: 5, no e-mail address: 4, nothing on loan: 6")
	})
	t.Run("of nobody there is nobody hard", func(t *testing.T) {
		if got := letter.Hardest(&data.Roster{}); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}
