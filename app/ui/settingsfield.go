package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// settingField is one setting with the control for its kind.
type settingField struct {
	*field

	s       *screen.Settings
	of      screen.Field
	control fyne.Focusable
	forget  *button     // for passwords
	note    screen.Note // as it is shown
}

func newSettingField(s *screen.Settings, of screen.Field) *settingField {
	f := &settingField{s: s, of: of}
	typed := func(v string) { s.Set(of.Name, v) }
	var control fyne.CanvasObject
	switch of.Kind {
	case screen.FieldChoice:
		c := newChoice(of.Choices, func(i int) { s.SetChoice(of.Name, i) })
		control, f.control = c, c
	case screen.FieldYesNo:
		c := newCheck(lang.L("Yes"), func(on bool) {
			if on {
				s.Set(of.Name, "true")
			} else {
				s.Set(of.Name, "false")
			}
		})
		control, f.control = c, c
	case screen.FieldPassword:
		e := newPassword(typed)
		control, f.control = e, e
	case screen.FieldLines:
		e := newLines(typed)
		control, f.control = e, e
	case screen.FieldText, screen.FieldNumber, screen.FieldTime, screen.FieldDays:
		e := newEntry(typed)
		control, f.control = e, e
	}
	if of.Unit == "" && (of.Kind == screen.FieldNumber || of.Kind == screen.FieldTime) {
		control = line(container.New(&widthLayout{width: narrow}, control)) // as wide as those with a unit
	}
	f.field = newField(of.Label, of.Unit, of.Hint, control)
	if of.Kind == screen.FieldPassword {
		f.forget = newLink(lang.L("Forget the password"), func() { s.Forget(of.Name) })
		f.forget.Hide()
		f.box.Add(f.forget)
	}
	return f
}

// draw shows what the field holds and what is to be said of it.
func (f *settingField) draw() {
	switch c := f.control.(type) {
	case *choice:
		if i := f.s.Choice(f.of.Name); i != c.index() {
			c.setIndex(i)
		}
	case *check:
		c.SetChecked(f.s.Value(f.of.Name) == "true")
	case *entry:
		f.drawEntry(c)
	}
	if f.forget != nil && f.forget.Hidden == f.s.CanForget(f.of.Name) {
		f.forget.Hidden = !f.forget.Hidden
		f.object.Refresh()
	}
	if h := f.s.Hint(f.of.Name); h != f.hint.words {
		f.setHint(h)
	}
	f.drawNote(f.s.Note(f.of.Name))
}

func (f *settingField) drawEntry(e *entry) {
	if p := f.s.Placeholder(f.of.Name); p != e.PlaceHolder {
		e.SetPlaceHolder(p)
	}
	v := f.s.Value(f.of.Name)
	if f.s.Typed(f.of.Name) {
		v = e.Text // the screen gives no password back: what was typed stays until it is saved or reverted
	}
	if v != e.Text {
		e.SetText(v)
	}
}

// drawNote tells apart what Save refuses and what is only worth a look.
func (f *settingField) drawNote(n screen.Note) {
	if n == f.note {
		return
	}
	f.note = n
	weight := toneBad
	if !n.Wrong {
		weight = toneWarn
	}
	f.wrong.tone(weight)
	f.setError(n.Text)
	if e, ok := f.control.(*entry); ok {
		e.setWrong(n.Wrong)
	}
	f.offer(n.Offer, func() { f.s.Take(f.of.Name) })
}

func startsWithOne(name string, starts []string) bool {
	for _, s := range starts {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	return len(starts) == 0
}
