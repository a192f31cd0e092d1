package roster

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"smtpgateway/data"
)

// Question is something about a file only a person knows.
type Question struct {
	ID       string   // "columns:guardian_email", "name-order"
	Ask      string   // in the words a person reads
	Field    string   // field of Mapping it is about
	Choices  []Choice // one may be chosen, or none
	Many     bool     // several may be chosen
	Proposed []string // values of the choices that are likely
}

// Choice is one answer.
type Choice struct {
	Value   string // for Answer: a header, or an order of names
	Label   string
	Example string // a value of that column; empty: none was seen
}

const nameOrder = "name-order"

// Answer is the mapping with the answer in it: the values of the choices a person made; none: none of them is it.
func Answer(m data.Mapping, q Question, chosen ...string) data.Mapping {
	m.Columns = maps.Clone(m.Columns)
	if m.Columns == nil {
		m.Columns = map[string]string{}
	}
	if q.ID == nameOrder {
		m.NameOrder = strings.Join(chosen, "")
		return m
	}
	for _, c := range q.Choices {
		if m.Columns[c.Value] == q.Field {
			delete(m.Columns, c.Value)
		}
	}
	for _, v := range chosen {
		m.Columns[v] = q.Field
	}
	return m
}

// AskDate words the question about an ambiguous date.
func AskDate(q data.DateQuestion) string {
	return fmt.Sprintf("%s: is this %s or %s?", q.Value, spelled(q.Days[0]), spelled(q.Days[1]))
}

// AnswerDate is the mapping with the order of a column's dates in it: one of q.Orders.
func AnswerDate(m data.Mapping, q data.DateQuestion, order string) data.Mapping {
	m.Dates = maps.Clone(m.Dates)
	if m.Dates == nil {
		m.Dates = map[string]string{}
	}
	m.Dates[q.Column] = order
	return m
}

// spelled is a day with its month in letters: 3 April 2026.
func spelled(d data.Date) string {
	return d.At(12, 0, time.UTC).Format("2 January 2006")
}

// askNameOrder asks about names in one cell, when the list has such.
func (f *File) askNameOrder(m *data.Mapping) (Question, bool) {
	for _, h := range f.headers {
		field := m.Columns[h]
		if field != fieldName && field != fieldPatronName {
			continue
		}
		for _, v := range f.values(h) {
			last, first, ok := strings.Cut(v, ",")
			last, first = strings.TrimSpace(last), strings.TrimSpace(first)
			if !ok || last == "" || first == "" {
				continue
			}
			return Question{
				ID: nameOrder, Field: field, Ask: fmt.Sprintf("%q: which is the last name?", data.Clean(v, 60)),
				Choices:  []Choice{{Value: "last-first", Label: last, Example: first + " " + last}, {Value: "first-last", Label: first, Example: last + " " + first}},
				Proposed: []string{"last-first"},
			}, true
		}
	}
	return Question{}, false
}
