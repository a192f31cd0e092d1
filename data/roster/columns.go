package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// columns fills in what the columns mean, and gives what must be asked about them.
func (f *File) columns(kind data.RosterKind, into map[string]string) []Question {
	var questions []Question
	taken := map[string]string{} // single field -> header that has it
	give := func(h, field string) {
		if field == "" || into[h] != "" || !allowed(kind, field) {
			return
		}
		if !slices.Contains(several, field) {
			if taken[field] != "" {
				return
			}
			taken[field] = h
		}
		into[h] = field
	}
	ours := f.layout != nil && f.layout.kind == kind
	skip := map[string]bool{} // headers that are asked about, or that the layout says are nothing
	if ours && f.layout.ask != "" {
		if q, ok := f.askParent(); ok {
			questions = append(questions, q)
			for _, c := range q.Choices {
				skip[c.Value] = true
			}
		}
	}
	byName := map[string][]string{} // folded -> headers of that name
	for _, h := range f.headers {
		byName[fold(plainHeader(h))] = append(byName[fold(plainHeader(h))], h)
	}
	single := func(name string, at func(h string)) {
		for i, h := range byName[name] {
			if i == 0 || slices.Contains(several, fieldNamed(kind, name)) {
				at(h)
			}
		}
	}
	if ours {
		for _, name := range sortedKeys(f.layout.fields) {
			single(name, func(h string) {
				if field := f.layout.fields[name]; field == "" {
					skip[h] = true
				} else if !skip[h] || field == fieldEmail {
					give(h, field)
				}
			})
		}
	}
	for _, a := range aliasesOf(kind) {
		for _, name := range a.names {
			all := byName[name]
			if len(all) > 1 && !slices.Contains(several, a.field) && taken[a.field] == "" && !skip[all[0]] {
				questions = append(questions, f.askTwins(a.field, all))
				taken[a.field] = all[0] // nobody else may have it until this is answered
				for _, h := range all {
					skip[h] = true
				}
				continue
			}
			for _, h := range all {
				if !skip[h] || a.field == fieldEmail && ours && f.layout.ask != "" && name != "emailpro" {
					give(h, a.field)
				}
			}
		}
	}
	for _, d := range f.derived {
		give(d.header, derivedField(d.about))
	}
	return append(questions, f.askAddresses(kind, into, skip)...)
}

// allowed keeps a list of addresses to what it is about.
func allowed(kind data.RosterKind, field string) bool {
	return slices.ContainsFunc(Fields(kind), func(f Field) bool { return f.Name == field })
}

func fieldNamed(kind data.RosterKind, name string) string {
	for _, a := range aliasesOf(kind) {
		if slices.Contains(a.names, name) {
			return a.field
		}
	}
	return ""
}

func (f *File) choice(h string) Choice {
	c := Choice{Value: h, Label: h}
	for _, v := range f.values(h) {
		if v != "" {
			c.Example = v
			break
		}
	}
	return c
}

// askParent asks which of a layout's address columns is the parent's, if more than the usual one is filled.
func (f *File) askParent() (Question, bool) {
	q := Question{ID: "columns:" + fieldGuardianEmail, Ask: f.layout.ask, Field: fieldGuardianEmail, Many: true}
	beyond := false
	for _, h := range f.headers {
		at := slices.Index(f.layout.of, fold(h))
		if at < 0 {
			continue
		}
		c := f.choice(h)
		q.Choices = append(q.Choices, c)
		if at == 1 && f.layout.of[0] != "bemail" {
			q.Proposed = []string{h}
		}
		beyond = beyond || at > 0 && (c.Example != "" || f.layout.of[0] != "bemail")
	}
	if f.layout.of[0] == "bemail" && len(q.Choices) > 0 {
		q.Proposed = []string{q.Choices[0].Value}
	}
	return q, beyond && len(q.Choices) > 1
}

// askTwins asks which of several columns of one name is meant.
func (f *File) askTwins(field string, all []string) Question {
	q := Question{ID: "columns:" + field, Field: field, Ask: fmt.Sprintf("%d columns are called %q. Which one is the %s?", len(all), plainHeader(all[0]), labelOf(field))}
	for _, h := range all {
		q.Choices = append(q.Choices, f.choice(h))
	}
	return q
}

func labelOf(field string) string {
	switch field {
	case fieldEmail, fieldPatronEmail:
		return "person's own e-mail address"
	case fieldAddress:
		return "street"
	}
	for _, list := range [][]Field{patronFields, loanFields} {
		for _, f := range list {
			if f.Name == field {
				return strings.ToLower(f.Label[:1]) + f.Label[1:]
			}
		}
	}
	return field
}

// askAddresses asks about columns that hold e-mail addresses and are named for nothing known here.
func (f *File) askAddresses(kind data.RosterKind, into map[string]string, skip map[string]bool) []Question {
	if kind == data.RosterLoans {
		return nil
	}
	var found []Choice
	for i, h := range f.headers {
		if into[h] != "" || skip[h] || sensitive(h) || i >= f.width {
			continue
		}
		mails := 0
		values := f.values(h)
		for _, v := range values {
			if at := strings.IndexByte(v, '@'); at > 0 && at < len(v)-1 {
				mails++
			}
		}
		name := fold(plainHeader(h))
		if mails > 0 && mails*2 >= len(values) && !(name == "username" || name == "userid" || name == "usrname") || slices.Contains(asked, name) && name != "emailpro" {
			found = append(found, f.choice(h))
		}
	}
	if len(found) == 0 {
		return nil
	}
	var all []Question
	if !slices.Contains(mapped(into), fieldEmail) {
		all = append(all, Question{ID: "columns:" + fieldEmail, Ask: "Which of these is the person's own address?", Field: fieldEmail, Choices: found})
	}
	return append(all, Question{ID: "columns:" + fieldGuardianEmail, Ask: askParent, Field: fieldGuardianEmail, Choices: found, Many: true})
}

func mapped(into map[string]string) []string {
	var fields []string
	for _, field := range into {
		fields = append(fields, field)
	}
	return fields
}
