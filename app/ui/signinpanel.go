package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

const signInWidth = 560

// signInPanel says what to do in the browser while this window waits, or which code to type elsewhere.
type signInPanel struct {
	c     *signInCard
	layer *layer

	mark    *stateMark
	note    *text
	page    *entry
	pageRow *fyne.Container
	code    *word
	codeRow *fyne.Container
	body    *fyne.Container
}

// drawPanel opens the panel, brings it up to date, asks what is to be asked, and closes it at the end.
func (c *signInCard) drawPanel() {
	if c.panel == nil && c.m.Running() {
		c.panel = newSignInPanel(c)
	}
	p := c.panel
	if p == nil {
		return
	}
	if !c.m.Running() {
		c.panel = nil
		c.w.drop(p.layer)
		return
	}
	if c.m.Stage() == screen.SignInAsking && len(c.w.layers) > 0 && c.w.layers[len(c.w.layers)-1] == p.layer {
		p.askAccount()
		return
	}
	p.draw()
}

func newSignInPanel(c *signInCard) *signInPanel {
	p := &signInPanel{c: c, layer: &layer{}, mark: newMark(markBusy, ""), note: newText(""), page: newEntry(nil), code: newWord("", sizeNumber, colorLink, true)}
	p.page.OnChanged = func(now string) { // for copying only
		if now != p.address() {
			p.page.SetText(p.address())
		}
	}
	desk := c.w.desk.Desktop()
	open := newButton(lang.L("Open it again"), func() { c.w.openOutside(p.address()) })
	p.pageRow = rowsBy(gap, newHint(lang.L("The page")), p.page, flow(newButton(lang.L("Copy the address"), func() { desk.Copy(p.address()) }), open))
	p.codeRow = rowsBy(gap, newHint(lang.L("The code")), line(p.code, newButton(lang.L("Copy the code"), func() { desk.Copy(c.m.Code().Code) })))
	p.body = rowsBy(wideGap, container.New(&testColumns{widths: []float32{iconSize, 0}}, p.mark, p.note), p.codeRow, p.pageRow)
	cancel := newButton(lang.L("Cancel"), c.m.Cancel)
	p.layer.escape = cancel.press
	title := lang.L("Sign in with Google")
	if c.m.Service() != "Google" {
		title = lang.L("Sign in with Microsoft")
	}
	p.draw()
	c.w.lay(p.layer, c.w.dialog(title, "", p.body, cancel), signInWidth, cancel)
	return p
}

// address is the page that is to be opened.
func (p *signInPanel) address() string {
	if page := p.c.m.Code().Address; page != "" {
		return page
	}
	return p.c.m.Address()
}

func (p *signInPanel) draw() {
	p.note.set(p.c.m.Note())
	if at := p.address(); p.page.Text != at {
		p.page.SetText(at)
	}
	showIf(p.pageRow, p.address() != "")
	p.code.set(p.c.m.Code().Code)
	showIf(p.codeRow, p.c.m.Code().Code != "")
	p.body.Refresh()
	refreshLayers(p.c.w)
}

// askAccount asks what is meant after somebody signed in with another account than the mailbox.
func (p *signInPanel) askAccount() {
	text, keep, use, ok := p.c.m.AccountQuestion()
	if !ok {
		return
	}
	w, m := p.c.w, p.c.m
	l := &layer{}
	answer := func(words string, f func()) *button {
		return newButton(words, func() {
			w.drop(l)
			f()
		})
	}
	again := answer(lang.L("Sign in again"), func() {
		byCode := m.Code().Code != ""
		m.Cancel()
		m.Begin(byCode)
	})
	no := answer(lang.L("Keep nothing"), m.Cancel)
	meant := flow(answer(use, m.UseOther))
	if keep != "" {
		meant = flow(answer(keep, m.KeepOther), answer(use, m.UseOther))
	}
	l.escape = no.press
	w.lay(l, w.dialog(lang.L("This is another account"), text, meant, no, again), signInWidth, again)
}
