package letter

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"smtpgateway/data"
)

// tick is an empty box to tick by hand.
const tick = "☐"

// ListLine is one loan with whose it is.
type ListLine struct {
	Patron *data.Patron
	Loan   data.Loan
}

// Lists says of what library and day lists are, and for what paper.
type Lists struct {
	Library  data.Library
	Today    data.Date
	Language string // empty: the library's
	Paper    Paper
}

// ShelfCheck is the list to look through the shelves with before reminders go out: by call number and title, those without
// a call number last. Nobody is named on it.
func (o Lists) ShelfCheck(lines []ListLine) Page {
	w, tongue := wordsOf(o.Language, o.Library.Language)
	lines = slices.Clone(lines)
	order := collator(tongue)
	slices.SortStableFunc(lines, func(a, b ListLine) int {
		if (a.Loan.CallNumber == "") != (b.Loan.CallNumber == "") {
			return cmp.Compare(len(b.Loan.CallNumber), len(a.Loan.CallNumber))
		}
		return cmp.Or(order.CompareString(a.Loan.CallNumber, b.Loan.CallNumber), order.CompareString(a.Loan.Title, b.Loan.Title),
			cmp.Compare(a.Loan.Barcode, b.Loan.Barcode))
	})
	t := &table{columns: []string{"tick", "call-number", "title", "author", "barcode", "due"}}
	t.heads = []string{"", w.columns["call-number"], w.columns["title"], w.columns["author"], w.columns["barcode"], w.columns["due"]}
	for i := range lines {
		c := cellsOf(&lines[i].Loan, w, o.Today)
		t.rows = append(t.rows, []string{tick, c["call-number"], c["title"], c["author"], c["barcode"], c["due"]})
		t.plain = append(t.plain, "[ ] "+strings.Join(parts(c["call-number"], c["title"], c["author"], c["barcode"]), ", "))
	}
	return o.page(w, tongue, w.shelf, w.shelfIntro, t)
}

// ClassLists are one list for each class, in the order of their names, by last and first name. Without titles it says how
// many things each has and when the first is due: what a teacher may be told where titles are nobody's business. Patrons are told
// apart by their ID.
func (o Lists) ClassLists(lines []ListLine, titles bool) []Page {
	w, tongue := wordsOf(o.Language, o.Library.Language)
	order := collator(tongue)
	classes := map[string][]*data.Patron{}
	loans := map[int64][]data.Loan{}
	for _, l := range lines {
		class := data.Clean(l.Patron.Group, maxName)
		if loans[l.Patron.ID] == nil {
			classes[class] = append(classes[class], l.Patron)
		}
		loans[l.Patron.ID] = append(loans[l.Patron.ID], l.Loan)
	}
	names := make([]string, 0, len(classes))
	for name := range classes {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(order.CompareString(a, b), cmp.Compare(a, b)) })
	var pages []Page
	for _, name := range names {
		people := classes[name]
		slices.SortFunc(people, func(a, b *data.Patron) int {
			return cmp.Or(order.CompareString(a.Last, b.Last), order.CompareString(a.First, b.First), cmp.Compare(a.ID, b.ID))
		})
		p := o.page(w, tongue, fmt.Sprintf("%s %s", w.class, cmp.Or(name, w.noClass)), w.classIntro, o.class(people, loans, titles, w))
		p.Class = name
		pages = append(pages, p)
	}
	return pages
}

// class is the table of one class.
func (o Lists) class(people []*data.Patron, loans map[int64][]data.Loan, titles bool, w *words) *table {
	t := &table{columns: []string{"name", "count", "due"}, heads: []string{w.reader, w.withItems, w.firstDue}}
	if titles {
		t.columns, t.heads = []string{"name", "title", "due", "late"}, []string{w.reader, w.columns["title"], w.columns["due"], w.columns["late"]}
	}
	for _, p := range people {
		name := data.Clean(cmp.Or(strings.Join(parts(p.Last, p.First), ", "), p.Key), 2*maxName)
		mine := loans[p.ID]
		if !titles {
			t.rows = append(t.rows, []string{name, w.number(w.items, len(mine)), w.shortDate(earliest(mine))})
			t.plain = append(t.plain, name, "  "+counting(mine, w))
			continue
		}
		slices.SortStableFunc(mine, func(a, b data.Loan) int { return cmp.Compare(a.Due, b.Due) })
		t.plain = append(t.plain, name)
		for i := range mine {
			c := cellsOf(&mine[i], w, o.Today)
			t.rows = append(t.rows, []string{name, c["title"], c["due"], c["late"]})
			t.plain = append(t.plain, "  "+strings.Join(parts(c["title"], w.dueLine(&mine[i], o.Today, true, true)), ", "))
		}
	}
	return t
}

// page makes a list that can be printed and, as its Letter, mailed.
func (o Lists) page(w *words, tongue, title, intro string, t *table) Page {
	r := Rendered{Subject: title, language: tongue, blocks: []block{{kind: paragraph, lines: []string{intro}}, {kind: itemTable, table: t}}}
	var html bytes.Buffer
	html.WriteString("<p>" + template.HTMLEscapeString(intro) + "</p>\n")
	if len(t.rows) == 0 {
		r.blocks[1] = block{kind: paragraph, lines: []string{w.none}}
		html.WriteString("<p>" + template.HTMLEscapeString(w.none) + "</p>\n")
	} else {
		t.html(&html)
	}
	r.body = html.String()
	r.Text, r.HTML = textOf("", r.blocks), document(tongue, title, "", r.body)
	return Page{Letter: r, List: true, Paper: o.Paper, Sender: data.Clean(o.Library.Name, maxName), Date: w.longDate(o.Today)}
}

// collator orders names and call numbers as people of the language do, with 9 before 10.
func collator(tongue string) *collate.Collator {
	return collate.New(language.Make(tongue), collate.Numeric, collate.IgnoreCase)
}
