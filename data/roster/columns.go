package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// proposing is the work of saying what columns mean.
type proposing struct {
	f      *File
	kind   data.RosterKind
	ours   bool // the layout is one of this kind of list
	into   map[string]string
	byName map[string][]string // folded name -> headers of that name
	taken  map[string]bool     // fields that one column has, or several that are asked about
	skip   map[string]bool     // headers that are asked about, or that the layout says are nothing
	ask    []Question
}

// columns fills in what the columns mean, and gives what must be asked about them.
func (f *File) columns(kind data.RosterKind, into map[string]string) []Question {
	p := &proposing{f: f, kind: kind, into: into, byName: map[string][]string{}, taken: map[string]bool{}, skip: map[string]bool{}}
	p.ours = f.layout != nil && f.layout.kind == kind
	for _, h := range f.headers {
		name := fold(plainHeader(h))
		p.byName[name] = append(p.byName[name], h)
	}
	if p.ours {
		p.byLayout()
	}
	for _, a := range aliasesOf(kind) {
		for _, name := range a.names {
			p.byAlias(a.field, name)
		}
	}
	for _, d := range f.derived {
		p.give(d.header, derivedField(d.about))
	}
	return append(p.ask, f.askAddresses(kind, into, p.skip)...)
}

// give says that a column holds a field, if none before it does.
func (p *proposing) give(h, field string) {
	if field == "" || p.into[h] != "" || !allowed(p.kind, field) {
		return
	}
	if !slices.Contains(several, field) {
		if p.taken[field] {
			return
		}
		p.taken[field] = true
	}
	p.into[h] = field
}

// byLayout follows the layout.
func (p *proposing) byLayout() {
	l := p.f.layout
	if l.ask != "" {
		if q, ok := p.f.askParent(); ok {
			p.ask = append(p.ask, q)
			for _, c := range q.Choices {
				p.skip[c.Value] = true
			}
		}
	}
	for _, name := range sortedKeys(l.fields) {
		all, field := p.byName[name], l.fields[name]
		if len(all) > 1 && !slices.Contains(several, field) {
			continue // asked about as twins
		}
		for _, h := range all {
			if field == "" {
				p.skip[h] = true
			} else if !p.skip[h] {
				p.give(h, field)
			}
		}
	}
}

// byAlias gives a field to the columns of a name it is known by.
func (p *proposing) byAlias(field, name string) {
	all := p.byName[name]
	if len(all) > 1 && !slices.Contains(several, field) && !p.taken[field] && !p.skip[all[0]] {
		p.ask = append(p.ask, p.f.askTwins(field, all))
		p.taken[field] = true // nobody else may have it until this is answered
		for _, h := range all {
			p.skip[h] = true
		}
		return
	}
	for _, h := range all {
		// The first of the columns a layout asks about is the person's own address, unless the answer says otherwise.
		own := field == fieldEmail && p.ours && p.f.layout.ask != "" && name != "emailpro"
		if !p.skip[h] || own {
			p.give(h, field)
		}
	}
}

// allowed keeps a list of addresses to what it is about.
func allowed(kind data.RosterKind, field string) bool {
	return slices.ContainsFunc(Fields(kind), func(f Field) bool { return f.Name == field })
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
		name := fold(plainHeader(h))
		login := name == "username" || name == "userid" || name == "usrname" // looks like an address, and need not be one
		if !login && f.holdsAddresses(h) || slices.Contains(asked, name) && name != "emailpro" {
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

// holdsAddresses reports whether most values of a column look like e-mail addresses.
func (f *File) holdsAddresses(header string) bool {
	values := f.values(header)
	mails := 0
	for _, v := range values {
		if at := strings.IndexByte(v, '@'); at > 0 && at < len(v)-1 {
			mails++
		}
	}
	return mails > 0 && mails*2 >= len(values)
}

func mapped(into map[string]string) []string {
	var fields []string
	for _, field := range into {
		fields = append(fields, field)
	}
	return fields
}
