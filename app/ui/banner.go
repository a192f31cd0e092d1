package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// markOf is the icon of a mood.
func markOf(m screen.Mood) mark { return mark(m) }

// banner says on every screen what is wrong now, and has the button for it. The Overview says it in full itself.
type banner struct {
	w      *Window
	object *fyne.Container
	back   *plate
	mark   *stateMark
	words  *text
	next   *text
	fix    *button
	doing  func()
}

func newBanner(w *Window) *banner {
	b := &banner{w: w, back: newPlate(colorWarnBack, colorLine, 8), mark: newMark(markWarn, ""), words: newText("").bold(), next: newText("")}
	b.fix = newButton("", func() {
		if b.doing != nil {
			b.doing()
		}
	})
	inside := spread(line(b.mark, rowsBy(2, b.words, b.next)), b.fix)
	b.object = padded(container.NewStack(b.back, padded(inside, 10, 10, cardPad, cardPad)), pagePad, 0, pagePad, pagePad)
	b.object.Hide()
	return b
}

func (b *banner) refresh() {
	n, is := b.w.whole.Urgent()
	at := b.w.current
	said := b.w.whole.OrderSaid()
	hidden := !is || at == "overview" || b.w.desk.Blocked() || n.Fix == screen.FixSettings && at == "settings" || n.Fix == screen.FixNotices && at == "notices"
	b.object.Hidden = hidden
	if hidden {
		return
	}
	b.back.fill = colorWarnBack
	if n.Mood == screen.MoodBad {
		b.back.fill = colorBadBack
	}
	b.mark.set(markOf(n.Mood), "")
	b.words.set(n.Words)
	next := n.Next
	if n.Fix == screen.FixStart && said.Words != "" {
		next = said.Words
	}
	b.next.set(next)
	b.next.Hidden = next == ""
	b.offer(n)
	b.object.Refresh()
}

func (b *banner) offer(n screen.Need) {
	words, do := n.Press, func() {}
	switch n.Fix {
	case screen.FixStart:
		do = b.w.whole.Start
	case screen.FixLook:
		do = b.w.desk.Wake
	case screen.FixSettings:
		do = func() { b.w.show("settings") }
	case screen.FixNone:
		words, do = lang.L("Go to Settings"), func() { b.w.show("settings") }
		if b.w.current == "settings" {
			words = ""
		}
	case screen.FixNotices:
		do = func() { b.w.show("notices") }
	case screen.FixSignIn:
		do = func() { b.w.toSignIn(0) }
	case screen.FixSheet:
		do = func() { newITSheet(b.w, "") }
	case screen.FixHeld: // not urgent
	}
	b.doing = do
	b.fix.SetText(words)
	b.fix.Hidden = words == ""
}

// blocked is what every screen shows while the database cannot be opened: what happened, what became of the messages, and
// what to do now.
type blocked struct {
	w                *Window
	object           fyne.CanvasObject
	title            *word
	what, kept, next *text
	said             *text
	retry, start     *button
}

func newBlocked(w *Window) *blocked {
	b := &blocked{w: w, what: newText("").bold(), kept: newText(""), next: newText(""), said: newText("").tone(toneBad)}
	b.retry = newPrimary(lang.L("Try again"), w.desk.Wake)
	b.start = newButton(lang.L("Start the service"), w.whole.Start)
	b.title = newWord("", theme.SizeNameHeadingText, theme.ColorNameForeground, true)
	card := newCard("",
		line(newMark(markBad, ""), b.what), b.kept, b.next, b.said,
		padded(line(b.retry, b.start), gap, 0, 0, 0))
	page := rowsBy(10, b.title, container.New(&atMostLayout{width: formWidth}, card))
	b.object = padded(page, pagePad, pagePad, pagePad, pagePad)
	return b
}

func (b *blocked) refresh(title string) {
	p := b.w.desk.Facts().Problem
	if p == nil {
		return
	}
	b.title.set(title)
	b.what.set(p.Sentence)
	b.kept.set(b.w.desk.Kept())
	b.next.set(p.Next)
	b.next.Hidden = p.Next == ""
	said := b.w.whole.OrderSaid()
	b.said.set(said.Words)
	b.said.Hidden = said.Words == ""
	b.start.Hidden = !b.w.desk.CanStart()
	b.object.Refresh()
}
