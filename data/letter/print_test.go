package letter_test

import (
	"bytes"
	"fmt"
	"io"
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
				if !strings.Contains(s[:80], " Barcode ") || !strings.HasPrefix(s, fmt.Sprintf("Anna Berg – %d – Titel ", i+2)) {
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

func BenchmarkPrintPDF(b *testing.B) {
	tpl, _ := letter.Original(letter.KeyFirst, "de")
	r, err := letter.Render(tpl, anna(4))
	if err != nil {
		b.Fatal(err)
	}
	pages := slices.Repeat([]letter.Page{letter.NewPage(r, anna(4))}, 1000)
	for b.Loop() {
		if err := letter.PrintPDF(io.Discard, pages); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(pages)), "ms/letter")
}
