package letter_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

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
