package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// settingsPage shows every setting: what a library must know first, the rest behind two words to press.
type settingsPage struct {
	w *Window
	s *screen.Settings

	object  fyne.CanvasObject
	body    fyne.CanvasObject
	fields  map[string]*settingField
	start   *startCard
	bar     *saveBar
	more    *fold
	server2 *fold
	library *fold
	signIns [2]*signInCard
}

func newSettings(w *Window) page {
	p := &settingsPage{w: w, s: screen.NewSettings(w.desk), fields: map[string]*settingField{}}
	p.s.Here = func(name string) bool { return !strings.HasPrefix(name, "overdue.") } // they have a screen of their own
	p.start = newStartCard(p.s)
	p.start.signIn = func() {
		p.signIns[0].m.Choose(p.s.Answer().SignIn)
		p.signIns[0].toIt()
	}
	p.bar = newSaveBar(p.s)
	p.more = newFold(lang.L("Show more settings"), lang.L("Hide these settings"),
		p.subtitled(lang.L("Mail server"), screen.GroupMore, "server1."),
		p.subtitled(lang.L("Sender"), screen.GroupMore, "from."),
		p.subtitled(lang.L("Messages"), screen.GroupMore, "message.", "retry.", "practice"),
		p.subtitled(lang.L("Log and storage"), screen.GroupMore, "log.", "keep."),
		p.subtitled(lang.L("Network"), screen.GroupMore, "proxy."),
	)
	p.server2 = newFold(lang.L("Show the second server"), lang.L("Hide the second server"), p.form(screen.GroupServer2), p.signIn(2, screen.GroupSignIn2), newServerTest(w, p.s, 2))
	p.library = newFold(lang.L("Show the settings of the library"), lang.L("Hide these settings"), p.form(screen.GroupLibrary))
	p.body = newPage(lang.L("Settings"), p.start.opener,
		p.start.object,
		newCard(lang.L("Mail server"), p.form(screen.GroupServer)),
		newCard(lang.L("Sign in with Google or Microsoft"), newText(lang.L("They take no password from programs. A person allows it once in the browser, and the service sends from then on.")).tone(toneHint), p.signIn(1, screen.GroupSignIn)),
		newCard(lang.L("Sender"), p.form(screen.GroupSender)),
		newCard(lang.L("Folder and pace"), p.form(screen.GroupFolder)),
		newCard(lang.L("Test"), p.form(screen.GroupTest), newServerTest(w, p.s, 1)),
		newCard(lang.L("The library"), newText(lang.L("What letters and notices say of the library, and where lists of patrons and loans come from.")).tone(toneHint), p.library.object),
		newCard(lang.L("Automatic notices"), spread(newText(lang.L("Reminders that go out by themselves every day have a screen of their own.")).tone(toneHint), newButton(lang.L("Show the notices"), func() { w.show("notices") }))),
		newCard(lang.L("More"), p.more.object),
		newCard(lang.L("Server 2"), newText(lang.L("Takes over while the mail server above is in trouble. A school with one mail server leaves this empty.")).tone(toneHint), p.server2.object),
	)
	if e, ok := p.fields["folder"].control.(*entry); ok {
		p.fields["folder"].box.Add(newFolderRow(w, p.s, e))
	}
	p.object = container.NewBorder(nil, p.bar.object, nil, nil, p.body)
	p.s.OnChange = p.redraw
	p.s.OnFocus = p.focus
	w.window.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierShortcutDefault}, w.saveHere)
	return p
}

func (p *settingsPage) content() fyne.CanvasObject { return p.object }
func (p *settingsPage) shown()                     { p.draw() }

// changed has nothing to add: the screen watches the desk by itself, also while it is not shown.
func (p *settingsPage) changed(screen.Change) {}

func (p *settingsPage) leave(then func()) { p.w.leaveSettings(p.s, then) }
func (p *settingsPage) save()             { p.s.Save(nil) }

// showSetting goes to the settings and puts the keyboard into one of them; empty: into none.
func (w *Window) showSetting(name string) {
	w.show("settings")
	if p, ok := w.pages["settings"].(*settingsPage); ok && name != "" {
		p.focus(name)
	}
}

// practiceSetting ends practice for everything.
const practiceSetting = "practice"

// toSettings says what only the settings can change, and leads there.
func (w *Window) toSettings(title, words, name string) {
	w.ask(question{title: title, text: words, yes: lang.L("Open the settings"), then: func() { w.showSetting(name) }})
}

// saveHere saves what was typed on the page that is shown, if it is one of settings.
func (w *Window) saveHere(fyne.Shortcut) {
	if p, ok := w.pages[w.current].(interface{ save() }); ok && len(w.layers) == 0 {
		p.save()
	}
}

// leaveSettings asks what is to become of what was typed.
func (w *Window) leaveSettings(s *screen.Settings, then func()) {
	if !s.Dirty() {
		then()
		return
	}
	l := &layer{}
	stay := newButton(lang.L("Stay"), func() { w.drop(l) })
	discard := newDanger(lang.L("Discard"), func() {
		w.drop(l)
		s.Revert()
		then()
	})
	save := newPrimary(lang.L("Save"), func() {
		w.drop(l)
		s.Save(func(ok bool) {
			if ok {
				then()
			}
		})
	})
	l.escape, l.enter = stay.press, save.press
	w.lay(l, w.dialog(lang.L("Save the settings?"), lang.L("Some settings were changed and are not saved."), nil, stay, discard, save), dialogWidth, save)
}

// form shows the fields of a group, of these only those whose name begins with one of starts.
func (p *settingsPage) form(g screen.FieldGroup, starts ...string) fyne.CanvasObject {
	var shown []*field
	for _, f := range p.s.Fields(g) {
		if !startsWithOne(f.Name, starts) {
			continue
		}
		at := newSettingField(p.s, f)
		p.fields[f.Name] = at
		shown = append(shown, at.field)
	}
	return newForm(shown...)
}

// signIn is the sign-in of a server.
func (p *settingsPage) signIn(number int, g screen.FieldGroup) fyne.CanvasObject {
	p.signIns[number-1] = newSignInCard(p, number, g)
	return p.signIns[number-1].object
}

func (p *settingsPage) subtitled(title string, g screen.FieldGroup, starts ...string) fyne.CanvasObject {
	return rowsBy(wideGap, newText(title).bold(), p.form(g, starts...))
}

// redraw brings what is seen up to date; a page nobody sees waits until it is shown.
func (p *settingsPage) redraw() {
	if p.w.current == "settings" {
		p.draw()
	}
}

// draw touches only what changed: it runs at every letter that is typed.
func (p *settingsPage) draw() {
	for _, f := range p.fields {
		f.draw()
	}
	p.start.draw()
	p.bar.draw()
}

// focus puts the keyboard on a field, opening what hides it.
func (p *settingsPage) focus(name string) {
	at := p.fields[name]
	if at == nil || p.w.current != "settings" {
		return
	}
	switch at.of.Group {
	case screen.GroupMore:
		p.more.open(true)
	case screen.GroupServer2, screen.GroupSignIn2:
		p.server2.open(true)
	case screen.GroupLibrary:
		p.library.open(true)
	default:
	}
	p.object.Refresh()
	focusOn(at.control)
	intoSight(at.object) // with what is wrong, which stands below it
}
