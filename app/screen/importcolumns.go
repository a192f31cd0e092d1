package screen

import (
	"maps"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// ImportColumn is a column of the file and what it becomes.
type ImportColumn struct {
	Header  string
	Example string // a value of it; empty: none was seen
	Field   int    // an index of FieldWords; 0: not taken
	Never   bool   // holds what a notice never needs: it is not shown and cannot be taken
}

// ImportQuestion is something only a person knows.
type ImportQuestion struct {
	Ask     string
	Hint    string
	Choices []string
	Chosen  []bool
	Many    bool // several may be chosen, or none
	Open    bool // not answered yet
}

// several are the fields more than one column may hold.
var severalFields = []string{"guardian_email", "guardian_name", "guardian_role", "guardian_notices", "guarantor", "status"}

// arrange puts the columns that are taken, or asked about, before the others.
func (im *Import) arrange() {
	im.order, im.shown = nil, 0
	var rest []int
	for i, h := range im.list.look.Headers {
		asked := im.used == "" && slices.ContainsFunc(im.list.means[im.kind].Questions, func(q roster.Question) bool {
			return slices.ContainsFunc(q.Choices, func(c roster.Choice) bool { return c.Value == h })
		})
		if im.mapping.Columns[h] != "" || asked {
			im.order = append(im.order, i)
		} else {
			rest = append(rest, i)
		}
	}
	im.shown = len(im.order)
	slices.SortStableFunc(rest, func(a, b int) int {
		switch l := &im.list.look; {
		case l.Sensitive[a] && !l.Sensitive[b]:
			return 1
		case l.Sensitive[b] && !l.Sensitive[a]:
			return -1
		}
		return 0
	})
	im.order = append(im.order, rest...)
}

// Columns is how many columns there are, and how many of them, the first, are taken or asked about. What a person changes
// moves none of them.
func (im *Import) Columns() (all, taken int) { return len(im.order), im.shown }

// Column is one of them.
func (im *Import) Column(i int) ImportColumn {
	if i < 0 || i >= len(im.order) {
		return ImportColumn{}
	}
	look, at := &im.list.look, im.order[i]
	c := ImportColumn{Header: look.Headers[at], Never: look.Sensitive[at], Example: cellAt(look.Examples, at)}
	name := im.mapping.Columns[c.Header]
	c.Field = 1 + slices.IndexFunc(roster.Fields(im.kind), func(f roster.Field) bool { return f.Name == name })
	return c
}

// FieldWords are what a column can become; the first is nothing.
func (im *Import) FieldWords() []string {
	words := []string{im.desk.Say("not taken")}
	for _, f := range roster.Fields(im.kind) {
		words = append(words, im.desk.Say(f.Label))
	}
	return words
}

// FieldHint explains what a column becomes; empty: it needs no words.
func (im *Import) FieldHint(field int) string {
	if all := roster.Fields(im.kind); field > 0 && field <= len(all) {
		return im.desk.Say(all[field-1].Hint)
	}
	return ""
}

// SetField says what a column becomes. Where one column only can be that, it is taken from the other.
func (im *Import) SetField(i, field int) {
	fields := roster.Fields(im.kind)
	if im.job != nil || i < 0 || i >= len(im.order) || field < 0 || field > len(fields) || im.list.look.Sensitive[im.order[i]] {
		return
	}
	h := im.list.look.Headers[im.order[i]]
	columns := maps.Clone(im.mapping.Columns)
	if columns == nil {
		columns = map[string]string{}
	}
	delete(columns, h)
	if field > 0 {
		name := fields[field-1].Name
		if !slices.Contains(severalFields, name) {
			maps.DeleteFunc(columns, func(_, f string) bool { return f == name })
		}
		columns[h] = name
	}
	im.mapping.Columns = columns
	im.edited()
}

// edited takes in that the answers are others than those saved.
func (im *Import) edited() {
	im.plan, im.said = nil, Said{}
	im.changed()
}

// questions are those of the file that still matter.
func (im *Import) questions() []roster.Question {
	if im.list == nil || im.used != "" {
		return nil
	}
	return im.list.means[im.kind].Questions
}

// dateQuestions are those about columns that are still taken.
func (im *Import) dateQuestions() []data.DateQuestion {
	return slices.DeleteFunc(slices.Clone(im.dates), func(q data.DateQuestion) bool { return im.mapping.Columns[q.Column] == "" })
}

// Questions are what only a person knows, in the order asked.
func (im *Import) Questions() []ImportQuestion {
	var all []ImportQuestion
	for _, q := range im.questions() {
		one := ImportQuestion{Ask: q.Ask, Many: q.Many, Open: !im.answered[q.ID]}
		for _, c := range q.Choices {
			label := c.Label
			if c.Example != "" {
				label = im.desk.Say("{{.Label}} ({{.Example}})", With("Label", c.Label, "Example", data.Clean(c.Example, 60)))
			}
			one.Choices = append(one.Choices, label)
			one.Chosen = append(one.Chosen, !one.Open && im.chosen(q, c))
		}
		switch {
		case q.Many:
			one.Hint = im.desk.Say("Tick every column that is; none, if none is.")
		case q.ID != nameOrder:
			one.Choices = append(one.Choices, im.desk.Say("none of these"))
			one.Chosen = append(one.Chosen, !one.Open && !slices.Contains(one.Chosen, true))
		}
		all = append(all, one)
	}
	for _, q := range im.dateQuestions() {
		one := ImportQuestion{
			Ask: roster.AskDate(q), Open: im.mapping.Dates[q.Column] == "",
			Hint: im.desk.Say("Every date in the column \"{{.Column}}\" can be read in both ways.", With("Column", data.Clean(q.Column, 60))),
		}
		for i, order := range q.Orders {
			one.Choices = append(one.Choices, im.desk.Date(q.Days[i]))
			one.Chosen = append(one.Chosen, im.mapping.Dates[q.Column] == order)
		}
		all = append(all, one)
	}
	return all
}

const nameOrder = "name-order"

func (im *Import) chosen(q roster.Question, c roster.Choice) bool {
	if q.ID == nameOrder {
		return im.mapping.NameOrder == c.Value
	}
	return im.mapping.Columns[c.Value] == q.Field
}

// Answer takes the answer to a question: choice on says whether one of its choices is it.
func (im *Import) Answer(question, choice int, on bool) {
	asked := im.questions()
	if im.job != nil || question < 0 || choice < 0 {
		return
	}
	if question >= len(asked) {
		if dates := im.dateQuestions(); on && question-len(asked) < len(dates) && choice < 2 {
			q := dates[question-len(asked)]
			im.mapping = roster.AnswerDate(im.mapping, q, q.Orders[choice])
			im.edited()
		}
		return
	}
	q := asked[question]
	var values []string
	for i, c := range q.Choices {
		if i == choice && on || i != choice && q.Many && im.chosen(q, c) {
			values = append(values, c.Value)
		}
	}
	im.mapping = roster.Answer(im.mapping, q, values...)
	im.answered[q.ID] = true
	im.edited()
}

// unanswered is the first question without an answer; empty: there is none.
func (im *Import) unanswered() string {
	for _, q := range im.Questions() {
		if q.Open {
			return q.Ask
		}
	}
	return ""
}

// MayComplete reports whether this kind of list can be all there is.
func (im *Import) MayComplete() bool { return im.kind != data.RosterAddresses }

// Complete reports whether who or what is missing from the list is gone, and what that means in words.
func (im *Import) Complete() (on bool, words, hint string) {
	say := im.desk.Say
	if im.kind == data.RosterLoans {
		return im.mapping.Complete, say("This list is complete"), say("Everything that is out stands in it, so what is missing has come back and nobody is told of it any more.")
	}
	return im.mapping.Complete, say("This list is complete"), say("Everybody stands in it, so who is missing has left and gets no mail any more. Leave it off for a list of one group. Staff stay when the list has none.")
}

// SetComplete says whether the list is all there is.
func (im *Import) SetComplete(on bool) {
	if im.job == nil {
		im.mapping.Complete = on
		im.edited()
	}
}

// MayAuto reports whether new patrons come without a word on automatic notices.
func (im *Import) MayAuto() bool {
	for _, f := range im.mapping.Columns {
		if f == "auto_overdue" {
			return false
		}
	}
	return im.kind == data.RosterPatrons
}

// Auto reports whether new patrons get automatic notices.
func (im *Import) Auto() bool { return im.mapping.AutoOverdue }

// SetAuto says whether they do.
func (im *Import) SetAuto(on bool) {
	if im.job == nil {
		im.mapping.AutoOverdue = on
		im.edited()
	}
}

// Remember reports whether the answers are kept for the next time, and under which name.
func (im *Import) Remember() (on bool, name string) { return im.remember, im.name }

// SetRemember says whether they are kept.
func (im *Import) SetRemember(on bool) {
	im.remember = on
	im.changed()
}

// SetName says under which name.
func (im *Import) SetName(name string) {
	im.name = name
	im.changed()
}

// NameNote is what to know of the name: answers of that name are there already, or it is empty.
func (im *Import) NameNote() Note {
	name := strings.TrimSpace(im.name)
	if !im.remember {
		return Note{}
	}
	if name == "" {
		return Note{Text: im.desk.Say("Without a name they are not kept."), Wrong: false}
	}
	return Note{}
}
