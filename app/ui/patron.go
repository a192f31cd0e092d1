package ui

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const patronWidth = 820

// patronPanel shows one person above whatever screen asked for them, to read and to change.
type patronPanel struct {
	w *Window
	p *screen.Patron

	layer *layer // nil: not read yet
	stop  func() // ends watching
	over  bool   // closed

	title, subtitle *word
	first           *fyne.Container // how the person stands and what can be done; not for a new one
	state           *stateMark
	stateWords      *text
	actions         *fyne.Container
	drawn           patronDrawn
	form            *patronForm
	loans, mail     *fyne.Container
	timeline        *fyne.Container
	bar             *patronSave
	content         *fyne.Container
}

// patronDrawn is what stands in the cards that are drawn anew when it changes; the keyboard would lose its place otherwise.
type patronDrawn struct {
	loans     []screen.LoanRow
	addresses []screen.AddressRow
	timeline  []screen.TimelineRow
	more      bool
	held      bool
	id        int64
}

// newPatronPanel opens the panel of one person as soon as they have been read; 0: of a new one.
func newPatronPanel(w *Window, id int64) *patronPanel {
	p := &patronPanel{w: w, p: screen.NewPatron(w.desk, id)}
	p.title = newWord("", theme.SizeNameSubHeadingText, theme.ColorNameForeground, true)
	p.subtitle = newWord("", theme.SizeNameCaptionText, colorHint, false)
	p.state, p.stateWords = newMark(markNone, ""), newText("")
	p.actions, p.loans, p.mail, p.timeline = flow(), rowsBy(0), rowsBy(0), rowsBy(0)
	p.form = newPatronForm(p.p)
	p.bar = newPatronSave(p)
	p.p.OnChange = p.draw
	p.stop = w.desk.Watch(func(c screen.Change) {
		if !p.over {
			p.p.Refresh(c)
		}
	})
	p.p.Refresh(screen.Change{Store: true})
	if id == 0 {
		p.draw()
	}
	return p
}

// lay puts the panel on its card.
func (p *patronPanel) lay() {
	shut := newButton(lang.L("Close"), p.leave)
	head := spread(rowsBy(2, p.title, p.subtitle), shut)
	p.first = rows(container.New(&footLayout{}, p.state, p.stateWords), p.actions)
	p.first.Hidden = p.p.New()
	body := rowsBy(wideGap, p.first, p.loans, p.timeline, p.mail, p.form.object)
	scroll := container.NewVScroll(padded(body, ringRoom, ringRoom, ringRoom, ringRoom+4))
	p.content = container.New(&footedLayout{}, head, scroll, p.bar.object)
	p.layer = &layer{escape: p.leave}
	p.w.lay(p.layer, p.content, patronWidth, nil)
	if p.p.New() {
		focusOn(p.form.texts["first"])
		return
	}
	p.w.window.Canvas().FocusNext() // past Close to what the panel is for
}

// draw shows what the screen knows now. Somebody who cannot be read is a sentence in place of a panel.
func (p *patronPanel) draw() {
	switch {
	case p.over:
		return
	case p.layer == nil && p.p.Problem() != nil:
		p.end()
		p.w.tell(p.p.Problem().Sentence, p.p.Problem().Next)
		return
	case !p.p.Loaded():
		return
	}
	p.title.set(p.p.Title())
	p.subtitle.set(p.p.Subtitle())
	p.subtitle.Hidden = p.p.Subtitle() == ""
	now := p.p.State()
	p.state.set(markOf(now.Mood), "")
	p.stateWords.set(now.Words)
	p.drawParts()
	p.form.draw()
	p.bar.draw()
	if p.layer == nil {
		p.lay()
		return
	}
	p.content.Refresh()
	p.layer.over.Refresh()
}

// drawParts draws anew what changed, if anything did.
func (p *patronPanel) drawParts() {
	now := patronDrawn{loans: p.p.Loans(), addresses: p.p.Addresses(), timeline: p.p.Timeline(), more: p.p.MoreTimeline(), held: p.p.Held(), id: p.p.ID()}
	was := p.drawn
	p.drawn = now
	if was.id != now.id || was.held != now.held {
		p.actions.Objects = p.buttons()
	}
	if was.id != now.id || !reflect.DeepEqual(was.loans, now.loans) {
		p.loans.Objects = []fyne.CanvasObject{p.loanCard(now.loans)}
	}
	if !reflect.DeepEqual(was.addresses, now.addresses) {
		p.mail.Objects = []fyne.CanvasObject{p.addressCard(now.addresses)}
	}
	if was.id != now.id || was.more != now.more || !reflect.DeepEqual(was.timeline, now.timeline) {
		p.timeline.Objects = []fyne.CanvasObject{p.timelineCard(now.timeline, now.more)}
	}
	known := !p.p.New()
	p.loans.Hidden, p.timeline.Hidden = !known, !known
	if p.first != nil {
		p.first.Hidden = !known
	}
	p.mail.Hidden = len(now.addresses) == 0
}

func (p *patronPanel) buttons() []fyne.CanvasObject {
	hold := newButton(lang.L("Hold until..."), func() { p.hold(0, "") })
	if p.p.Held() {
		hold = newButton(lang.L("End the hold"), func() { p.p.Lift(0) })
	}
	return []fyne.CanvasObject{
		newPrimary(lang.L("E-mail..."), func() { newDirectPanel(p.w, p.p.ID()) }),
		newButton(lang.L("Edit"), func() { p.form.focus("email") }), hold,
		newButton(lang.L("Export..."), p.export), newDanger(lang.L("Delete..."), p.remove),
	}
}

// end closes it for good.
func (p *patronPanel) end() {
	p.over = true
	p.stop()
	p.p.OnChange = nil
	if p.layer != nil {
		p.w.drop(p.layer)
	}
}

// leave asks what is to become of what was typed.
func (p *patronPanel) leave() {
	if !p.p.Dirty() {
		p.end()
		return
	}
	l := &layer{}
	stay := newButton(lang.L("Stay"), func() { p.w.drop(l) })
	discard := newDanger(lang.L("Discard"), func() {
		p.w.drop(l)
		p.end()
	})
	save := newPrimary(lang.L("Save"), func() {
		p.w.drop(l)
		p.save(func(ok bool) {
			if ok {
				p.end()
			}
		})
	})
	l.escape, l.enter = stay.press, save.press
	p.w.lay(l, p.w.dialog(lang.L("Save the patron?"), lang.L("Something was changed and is not saved."), nil, stay, discard, save), dialogWidth, save)
}

// save stores what was typed, or shows what is in the way.
func (p *patronPanel) save(then func(ok bool)) {
	p.p.Save(func(ok bool) {
		if wrong := p.p.Wrong(); !ok && wrong != "" {
			p.form.focus(wrong)
		}
		if then != nil {
			then(ok)
		}
	})
}

// footedLayout stands a head above what scrolls and a foot below it; the middle reaches into the card's edge by ringRoom.
type footedLayout struct{}

func (footedLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b, c := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(a.Width, b.Width-2*ringRoom, c.Width), a.Height+gap+b.Height+gap+c.Height)
}

func (footedLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, high))
	o[2].Resize(fyne.NewSize(s.Width, o[2].MinSize().Height))
	low := o[2].MinSize().Height
	o[2].Resize(fyne.NewSize(s.Width, low))
	o[2].Move(fyne.NewPos(0, s.Height-low))
	o[1].Move(fyne.NewPos(-ringRoom, high+gap))
	o[1].Resize(fyne.NewSize(s.Width+2*ringRoom+4, max(s.Height-high-low-2*gap, 0)))
}
