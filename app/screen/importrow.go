package screen

import (
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// changedRow is a line of what is new, changed or gone.
func (im *Import) changedRow(c *data.Changed) ImportRow {
	r := ImportRow{}
	if c.Row > 0 {
		r.Row = thousands(c.Row)
	}
	var what []string
	switch {
	case c.Is != nil || c.Was != nil:
		r.Who, what = im.loanRow(c)
	default:
		r.Who, what = im.personRow(c)
	}
	r.What = strings.Join(what, "; ")
	r.Full = strings.Join(append([]string{r.Who}, what...), "\n")
	return r
}

// personRow is who a line is about, and what happens to them.
func (im *Import) personRow(c *data.Changed) (who string, what []string) {
	say, p := im.desk.Say, c.After
	if p == nil {
		p = c.Before
	}
	who = p.Name()
	if p.Group != "" {
		who = say("{{.Name}}, {{.Group}}", With("Name", who, "Group", p.Group))
	}
	switch {
	case c.Before == nil:
		what = append(what, say("number {{.Key}}", With("Key", p.Key)))
		if p.Email != "" {
			what = append(what, p.Email)
		}
		for _, g := range p.Guardians {
			what = append(what, say("guardian: {{.Address}}", With("Address", g.Email)))
		}
		if p.Email == "" && len(p.Guardians) == 0 {
			what = append(what, say("no e-mail address"))
		}
		return who, what
	case c.Before.Left == 0 && p.Left != 0:
		return who, append(what, im.leftWords(c))
	}
	for _, f := range c.What {
		what = append(what, im.personChange(f, c.Before, p))
	}
	return who, what
}

func (im *Import) leftWords(c *data.Changed) string {
	if c.Row > 0 {
		return im.desk.Say("has left, as the list says")
	}
	return im.desk.Say("is missing from the list")
}

// personChange is one field before and after.
func (im *Import) personChange(field string, was, is *data.Patron) string {
	say := im.desk.Say
	switch field {
	case "left":
		return say("is back")
	case "auto_overdue":
		if is.AutoOverdue {
			return say("automatic notices on")
		}
		return say("automatic notices off")
	}
	text := func(p *data.Patron) string {
		switch field {
		case "key":
			return p.Key
		case "card":
			return p.Card
		case "first":
			return p.First
		case "last":
			return p.Last
		case "group":
			return p.Group
		case "level":
			return p.Level
		case "email":
			return p.Email
		case "language":
			return p.Language
		case "address":
			return strings.ReplaceAll(p.Address, "\n", ", ")
		default:
			return guardianWords(p.Guardians)
		}
	}
	return im.fromTo(field, text(was), text(is))
}

func guardianWords(all []data.Guardian) string {
	words := make([]string, len(all))
	for i, g := range all {
		words[i] = strings.TrimSpace(strings.TrimSpace(g.Role+" "+g.Name) + " " + g.Email)
	}
	return strings.Join(words, ", ")
}

// fromTo words a change: "Group: 7B, was 6B".
func (im *Import) fromTo(field, was, is string) string {
	label := field
	for _, f := range roster.Fields(im.kind) {
		if f.Name == field {
			label = im.desk.Say(f.Label)
		}
	}
	with := With("Label", label, "Value", is, "Was", was)
	switch {
	case was == "":
		return im.desk.Say("{{.Label}}: {{.Value}}", with)
	case is == "":
		return im.desk.Say("{{.Label}}: none any more, was {{.Was}}", with)
	}
	return im.desk.Say("{{.Label}}: {{.Value}}, was {{.Was}}", with)
}

// loanRow is which loan a line is about, and what happens to it.
func (im *Import) loanRow(c *data.Changed) (who string, what []string) {
	say, l := im.desk.Say, c.Is
	if l == nil {
		l = c.Was
	}
	who = l.Title
	if who == "" {
		who = l.Barcode
	}
	owner := im.plan.names[strings.ToLower(c.Owner)]
	switch {
	case c.Was == nil:
		what = append(what, owner, say("due {{.Day}}", With("Day", im.desk.Date(l.Due))))
	case c.Is == nil:
		what = append(what, owner, say("is missing from the list"))
	default:
		what = append(what, owner)
		for _, f := range c.What {
			what = append(what, im.loanChange(f, c.Was, l))
		}
	}
	return who, what
}

func (im *Import) loanChange(field string, was, is *data.Loan) string {
	if field == "patron_key" {
		return im.desk.Say("somebody else has it now")
	}
	text := func(l *data.Loan) string {
		switch field {
		case "title":
			return l.Title
		case "author":
			return l.Author
		case "barcode":
			return l.Barcode
		case "call_number":
			return l.CallNumber
		case "due":
			return im.desk.Date(l.Due)
		case "issued":
			return im.desk.Date(l.Issued)
		default:
			return l.Price
		}
	}
	return im.fromTo(field, text(was), text(is))
}
