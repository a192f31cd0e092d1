package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// noticesPage shows how automatic notices stand, and everything that decides about them.
type noticesPage struct {
	w *Window
	n *screen.Notices
	s *screen.Settings

	object   fyne.CanvasObject
	state    *noticesState
	rehearse *rehearseCard
	when     *whenCard
	groups   *text
	closed   *text
	runs     *runsCard
	bar      *saveBar
}

func newNotices(w *Window) page {
	p := &noticesPage{w: w, n: screen.NewNotices(w.desk), s: screen.NewSettings(w.desk)}
	p.state, p.rehearse, p.when, p.runs = newNoticesState(p), newRehearseCard(p), newWhenCard(p), newRunsCard(p)
	p.groups, p.closed = newText(""), newText("")
	p.s.Here = func(name string) bool { return strings.HasPrefix(name, "overdue.") && name != "overdue.enabled" }
	p.bar = newSaveBar(p.s)
	p.bar.fresh = lang.L("Everything is saved.") // what is not set up is asked under Settings
	body := newPage(lang.L("Automatic notices"), nil,
		p.state.object,
		p.rehearse.object,
		newCard(lang.L("When and what"), p.when.object),
		newCard(lang.L("Groups"), p.groups, line(newButton(lang.L("Show the groups..."), func() { newGroupsPanel(p) }))),
		newCard(lang.L("School calendar"), p.closed, line(newButton(lang.L("Show the calendar..."), func() { newCalendarPanel(p) }))),
		p.runs.object,
	)
	p.object = container.NewBorder(nil, p.bar.object, nil, nil, body)
	p.n.OnChange = p.redraw
	p.n.OnNotice = w.notice
	p.n.Rehearsal().OnChange = p.rehearse.draw
	p.s.OnChange = p.redraw
	p.s.OnFocus = p.when.focus
	w.window.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierShortcutDefault}, w.saveHere)
	p.draw()
	return p
}

func (p *noticesPage) content() fyne.CanvasObject { return p.object }

func (p *noticesPage) shown() {
	p.n.Refresh(screen.Change{Store: true})
	p.draw()
}

func (p *noticesPage) changed(c screen.Change) { p.n.Refresh(c) }
func (p *noticesPage) leave(then func())       { p.w.leaveSettings(p.s, then) }
func (p *noticesPage) save()                   { p.s.Save(nil) }

// redraw brings what is seen up to date; a page nobody sees waits until it is shown.
func (p *noticesPage) redraw() {
	if p.w.current == "notices" {
		p.draw()
	}
}

func (p *noticesPage) draw() {
	p.state.draw()
	p.rehearse.draw()
	p.when.draw()
	p.groups.set(p.n.GroupWords())
	p.closed.set(p.n.ClosedWords())
	p.runs.draw()
	p.bar.draw()
	p.object.Refresh()
}

// fixedHigh gives o a height of its own, for a table among other things.
func fixedHigh(o fyne.CanvasObject, high float32) fyne.CanvasObject {
	return container.New(&highLayout{high: high}, o)
}
