package letter_test

import (
	"bytes"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

func TestThingsWithoutATitle(t *testing.T) {
	for _, columns := range [][]string{nil, {"title"}, {"author"}, {"title", "price"}} {
		f := anna(2)
		f.Loans[0].Title, f.Loans[0].Author, f.Loans[0].Price = "", "", ""
		f.Loans[1].Title, f.Loans[1].Author, f.Loans[1].Price, f.Loans[1].Barcode, f.Loans[1].CallNumber = "", "", "", "", ""
		tpl := text("Hello\n\n[Items]")
		tpl.Columns = columns
		r := render(t, tpl, f)
		has(t, r.Text, "3000000")
		has(t, r.HTML, "3000000")
		pages := []letter.Page{letter.NewPage(r, f)}
		slip := pages[0]
		slip.Slip = true
		pages = append(pages, slip)
		letter.PDFProblems(pages)
		if err := letter.PrintPDF(&bytes.Buffer{}, pages); err != nil {
			t.Error(err)
		}
		f.Loans = f.Loans[1:]
		r = render(t, tpl, f)
		letter.PDFProblems([]letter.Page{letter.NewPage(r, f)})
		lacks(t, r.HTML, "<tr></tr>")
		has(t, r.Text, "25 Nov 2026") // a thing nobody can name is counted, with its day
		f.Role, f.Disclosure = data.RoleGuardian, data.DiscloseCount
		render(t, tpl, f)
	}
}

func TestALinkInCurlyBracketsIsLeftOutWithThem(t *testing.T) {
	f := anna(1)
	f.Patron.Card = ""
	r := render(t, text("Hello. {Your account: https://library.example.org/[Card]}"), f)
	lacks(t, r.Text, "Your account")
	lacks(t, r.HTML, "Your account", "library.example.org")
}
