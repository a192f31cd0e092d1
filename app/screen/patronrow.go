package screen

import (
	"strings"

	"smtpgateway/data"
)

// PatronRow is one line of the list of patrons in words.
type PatronRow struct {
	ID      int64
	Name    string
	Note    string // why they get nothing for now: held, left; empty: nothing of the kind
	Group   string
	Level   string
	Address string // where mail goes, or that there is none
	Mark    Mark   // of the address; empty: it is well
	Loans   string // "3", "3, 2 overdue"
	Late    bool
	Notices string // automatic notices: on, off
	On      bool
}

// Len is how many lines are in hand, 500 at most.
func (p *Patrons) Len() int { return len(p.window) }

// Row gives line i. Its words are made when it is first looked at.
func (p *Patrons) Row(i int) PatronRow {
	if i < 0 || i >= len(p.window) {
		return PatronRow{}
	}
	if len(p.rows) != len(p.window) {
		p.rows = make([]PatronRow, len(p.window))
	}
	if p.rows[i].ID == 0 {
		p.rows[i] = p.desk.patronRow(&p.window[i])
	}
	return p.rows[i]
}

func (d *Desk) patronRow(l *data.PatronLine) PatronRow {
	r := PatronRow{ID: l.ID, Name: d.listName(&l.Patron), Group: l.Group, Level: l.Level, On: l.AutoOverdue, Notices: d.Say("off")}
	if l.AutoOverdue {
		r.Notices = d.Say("on")
	}
	switch {
	case l.Left != 0:
		r.Note = d.Say("left")
	case l.Held(d.today()):
		r.Note = d.Say("held until {{.Day}}", With("Day", d.shortDate(l.HoldUntil)))
	}
	r.Address, r.Mark = d.mailOf(l)
	switch {
	case l.Overdue > 0:
		r.Loans, r.Late = d.Say("{{.N}}, {{.Late}} overdue", With("N", thousands(l.Out), "Late", thousands(l.Overdue))), true
	case l.Out > 0:
		r.Loans = thousands(l.Out)
	}
	return r
}

// listName is a name as a list sorts it: "Miller, Anna".
func (d *Desk) listName(p *data.Patron) string {
	switch {
	case p.Last != "" && p.First != "":
		return p.Last + ", " + p.First
	case p.Name() != "":
		return p.Name()
	}
	return d.Say("(no name)")
}

// mailOf is where mail about a patron goes.
func (d *Desk) mailOf(l *data.PatronLine) (string, Mark) {
	address := l.Email
	for i := 0; address == "" && i < len(l.Guardians); i++ {
		if g := &l.Guardians[i]; g.Notices && g.Email != "" {
			address = d.Say("guardian: {{.Address}}", With("Address", g.Email))
		}
	}
	switch {
	case address == "":
		return d.Say("no address"), MarkWarn
	case l.Bad:
		return address, MarkBad
	}
	return address, ""
}

// shortDate is a day where there is little room: "5 Dec", with its year when that is another one.
func (d *Desk) shortDate(on data.Date) string {
	words := strings.SplitN(d.Date(on), " ", 2)
	if len(words) < 2 {
		return ""
	}
	year, _, _ := d.today().Parts()
	if other, _, _ := on.Parts(); other != year {
		return words[1]
	}
	return strings.TrimSuffix(words[1], words[1][strings.LastIndex(words[1], " "):])
}

// Choose takes the lines a person has chosen. One line alone is a new choice; several are what is in sight of one that
// may reach beyond the window.
func (p *Patrons) Choose(rows []int) {
	p.all = false
	next := map[int64]data.Patron{}
	if len(rows) > 1 {
		for id := range p.chosen {
			next[id] = p.chosen[id]
		}
		for i := range p.window {
			delete(next, p.window[i].ID)
		}
	}
	for _, i := range rows {
		if i >= 0 && i < len(p.window) {
			next[p.window[i].ID] = p.window[i].Patron
		}
	}
	p.chosen = next
	p.changed()
}

// ChooseAll takes everybody who matches search, filter and group, in sight or not.
func (p *Patrons) ChooseAll() {
	p.all = true
	p.changed()
}

// Chosen are the lines of the window that are chosen.
func (p *Patrons) Chosen() []int {
	var rows []int
	for i := range p.window {
		if _, ok := p.chosen[p.window[i].ID]; ok || p.all {
			rows = append(rows, i)
		}
	}
	return rows
}

// ChosenWords says how many are chosen; empty: nobody.
func (p *Patrons) ChosenWords() string {
	switch {
	case p.all && p.whole() && len(p.window) == 1:
		return p.desk.Say("1 patron is chosen")
	case p.all && p.whole():
		return p.desk.Say("All {{.N}} are chosen", With("N", thousands(len(p.window))))
	case p.all && !p.narrowed():
		return p.desk.Say("All {{.N}} are chosen", With("N", thousands(p.counts.Patrons)))
	case p.all:
		return p.desk.Say("All who match are chosen")
	case len(p.chosen) == 0:
		return ""
	case len(p.chosen) == 1:
		return p.desk.Say("1 patron is chosen")
	}
	return p.desk.Say("{{.N}} patrons are chosen", With("N", thousands(len(p.chosen))))
}

// whole reports whether everybody who matches is in hand.
func (p *Patrons) whole() bool { return p.bottom && len(p.fronts) == 1 }

// AllWords is what choosing everybody who matches is called; empty: they are chosen already, or there is nobody.
func (p *Patrons) AllWords() string {
	if p.all || len(p.window) == 0 {
		return ""
	}
	if p.whole() {
		if len(p.chosen) == len(p.window) {
			return ""
		}
		return p.desk.Say("Choose all {{.N}}", With("N", thousands(len(p.window))))
	}
	if !p.narrowed() {
		return p.desk.Say("Choose all {{.N}}", With("N", thousands(p.counts.Patrons)))
	}
	return p.desk.Say("Choose all who match")
}
