package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// form shows fields to fill in on a card of their own. yes closes it and runs do, as soon as fine agrees.
func (w *Window) form(title string, body fyne.CanvasObject, yes string, first *entry, fine func() bool, do func()) {
	l := &layer{}
	no := newButton(lang.L("Cancel"), func() { w.drop(l) })
	ok := newPrimary(yes, func() {
		if fine() && w.drop(l) {
			do()
		}
	})
	l.escape, l.enter = no.press, ok.press
	first.OnSubmitted = func(string) { ok.press() }
	w.lay(l, w.dialog(title, "", body, no, ok), 560, first)
}

// patronForm is what can be typed of a person.
type patronForm struct {
	p *screen.Patron

	object    fyne.CanvasObject
	fields    map[string]*field
	texts     map[string]*entry
	auto      *check
	language  *choice
	guardians *fyne.Container
	adults    []*guardianForm
	add       *button
	none      *text
}

func newPatronForm(p *screen.Patron) *patronForm {
	f := &patronForm{p: p, fields: map[string]*field{}, texts: map[string]*entry{}}
	var fields []*field
	for _, of := range p.Fields() {
		fields = append(fields, f.field(of))
	}
	f.guardians = rowsBy(wideGap)
	f.none = newText(lang.L("Nobody. A guardian can get letters and notices as well, or in place of the patron.")).tone(toneHint)
	f.add = newButton(lang.L("Add a guardian"), func() {
		p.AddGuardian()
		if n := len(f.adults); n > 0 {
			focusOn(f.adults[n-1].name)
		}
	})
	f.object = rowsBy(wideGap,
		newCard(lang.L("Person"), newForm(fields...)),
		newCard(lang.L("Guardians"), f.none, f.guardians, line(f.add)))
	return f
}

func (f *patronForm) field(of screen.PatronField) *field {
	var control fyne.CanvasObject
	switch of.Kind {
	case screen.FieldYesNo:
		f.auto = newCheck(lang.L("Yes"), f.p.SetAuto)
		control = f.auto
	case screen.FieldChoice:
		f.language = newChoice(of.Choices, f.p.SetLanguage)
		control = f.language
	case screen.FieldLines:
		f.texts[of.Name] = newLines(func(v string) { f.p.Set(of.Name, v) })
		control = f.texts[of.Name]
	default:
		f.texts[of.Name] = newEntry(func(v string) { f.p.Set(of.Name, v) })
		control = f.texts[of.Name]
	}
	at := newField(of.Label, "", of.Hint, control)
	f.fields[of.Name] = at
	return at
}

// draw touches only what changed: it runs at every letter that is typed.
func (f *patronForm) draw() {
	for name, e := range f.texts {
		if v := f.p.Value(name); v != e.Text {
			e.SetText(v)
		}
		drawNote(f.fields[name], f.p.Note(name))
	}
	f.auto.SetChecked(f.p.Auto())
	if i := f.p.Language(); i != f.language.index() {
		f.language.setIndex(i)
	}
	if all := f.p.Guardians(); len(all) != len(f.adults) {
		f.adults, f.guardians.Objects = nil, nil
		for i := range all {
			g := newGuardianForm(f.p, i)
			f.adults = append(f.adults, g)
			f.guardians.Add(g.object)
		}
	}
	for _, g := range f.adults {
		g.draw()
	}
	f.none.Hidden = len(f.adults) > 0
	f.guardians.Hidden = len(f.adults) == 0
	able(f.add, f.p.MayAddGuardian())
}

func drawNote(f *field, n screen.Note) {
	if f.wrong.words == n.Text {
		return
	}
	weight := toneBad
	if !n.Wrong {
		weight = toneWarn
	}
	f.wrong.tone(weight)
	f.setError(n.Text)
	if e, ok := f.control.(*entry); ok {
		e.setWrong(n.Wrong)
	}
}

// focus puts the keyboard on a field that cannot be saved as it is.
func (f *patronForm) focus(name string) {
	if number, ok := strings.CutPrefix(name, "guardian "); ok {
		if i, err := strconv.Atoi(number); err == nil && i < len(f.adults) {
			focusOn(f.adults[i].email)
			intoSight(f.adults[i].object)
		}
		return
	}
	if e := f.texts[name]; e != nil {
		focusOn(e)
		intoSight(f.fields[name].object) // with what is wrong, which stands below it
	}
}

// guardianForm is one adult, in a line or two.
type guardianForm struct {
	p *screen.Patron
	i int

	object            fyne.CanvasObject
	name, email, role *entry
	notices           *check
	note              *text
}

func newGuardianForm(p *screen.Patron, i int) *guardianForm {
	g := &guardianForm{p: p, i: i, note: newHint("").tone(toneBad)}
	set := func(change func(of *screen.Guardian)) {
		if i < len(p.Guardians()) {
			of := p.Guardians()[i]
			change(&of)
			p.SetGuardian(i, of)
		}
	}
	g.name = newEntry(func(v string) { set(func(of *screen.Guardian) { of.Name = v }) })
	g.email = newEntry(func(v string) { set(func(of *screen.Guardian) { of.Email = v }) })
	g.role = newEntry(func(v string) { set(func(of *screen.Guardian) { of.Role = v }) })
	g.role.SetPlaceHolder(lang.L("mother"))
	g.notices = newCheck(lang.L("May get letters and notices"), func(on bool) { set(func(of *screen.Guardian) { of.Notices = on }) })
	remove := newLink(lang.L("Remove"), func() { p.RemoveGuardian(i) })
	captioned := func(words string, e *entry, width float32) fyne.CanvasObject {
		return sized(rowsBy(2, newHint(words), e), width)
	}
	g.object = rowsBy(6,
		flow(captioned(lang.L("Name"), g.name, 200), captioned(lang.L("E-mail"), g.email, 260), captioned(lang.L("Role"), g.role, 130)),
		g.note,
		flow(g.notices, remove))
	return g
}

func (g *guardianForm) draw() {
	of := g.p.Guardians()[g.i]
	for e, v := range map[*entry]string{g.name: of.Name, g.email: of.Email, g.role: of.Role} {
		if e.Text != v {
			e.SetText(v)
		}
	}
	g.notices.SetChecked(of.Notices)
	n := g.p.GuardianNote(g.i)
	g.note.tone(toneWarn)
	if n.Wrong {
		g.note.tone(toneBad)
	}
	say(g.note, n.Text)
	g.email.setWrong(n.Wrong)
}
