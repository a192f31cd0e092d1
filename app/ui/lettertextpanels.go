package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// newPlaceholders offers what can be put into a text; what is pressed goes where the cursor is.
func newPlaceholders(w *Window, into *entry) {
	shut := func() {}
	list := rowsBy(6, newText(lang.L("What differs from letter to letter. It is put where the cursor stands.")).tone(toneHint))
	for _, p := range w.desk.Placeholders() {
		name := newLink(p.Label, func() {
			shut()
			into.insert(p.Label)
			focusOn(into)
		})
		list.Add(container.New(&pairLayout{left: 150}, rowsBy(0, name), padded(newText(p.Text).tone(toneHint), 2, 0, 0, 0)))
	}
	shut = w.panel(lang.L("Placeholders"), list, 720, nil)
}

// pasted is a text on its way into an entry: the toolkit puts in at the cursor what lies on a clipboard.
type pasted string

// Content is the text.
func (p pasted) Content() string { return string(p) }

// SetContent changes nothing.
func (p pasted) SetContent(string) {}

// insert puts a text where the cursor stands, in place of what is selected.
func (e *entry) insert(words string) {
	e.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasted(words)})
}

// textVersions shows how a text once was, to be taken back.
type textVersions struct {
	v     *letterTexts
	all   []screen.TextVersion
	table *table
	title *text
	words *text
	take  *button
}

func newTextVersions(v *letterTexts) {
	v.t.Versions(func(all []screen.TextVersion, problem string) {
		if problem != "" {
			v.w.tell(lang.L("Earlier versions"), problem)
			return
		}
		h := &textVersions{v: v, all: all, title: newText("").bold(), words: newText("")}
		h.open()
	})
}

func (h *textVersions) open() {
	o := &layer{}
	shut := newButton(lang.L("Close"), func() { h.v.w.drop(o) })
	h.take = newPrimary(lang.L("Take this version"), func() {
		i := max(h.table.cursor, 0)
		h.v.w.drop(o)
		h.v.t.Use(h.all[i])
	})
	h.table = newTable([]column{{title: lang.L("Saved"), width: 190}, {title: lang.L("Subject")}}, tableOptions{
		length: func() int { return len(h.all) },
		row: func(i int) []cell {
			saved := cell{text: h.all[i].When}
			if h.all[i].Now {
				saved.mark = markGood
			}
			return []cell{saved, {text: h.all[i].Subject}}
		},
		open: func(int) { h.take.press() }, selected: func([]int) { h.draw() },
		empty: func() (what, next string) { return lang.L("Nothing was saved yet."), "" },
	})
	sheet := container.NewVScroll(padded(rowsBy(wideGap, h.title, h.words), 12, 12, cardPad, cardPad))
	shown := container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 6), sheet)
	head := newWord(lang.L("Earlier versions"), theme.SizeNameSubHeadingText, theme.ColorNameForeground, true)
	hint := newHint(lang.L("The one with the tick is in force. A version that is taken stands in the fields and counts when it is saved."))
	o.escape = shut.press
	h.v.w.lay(o, container.NewBorder(padded(rowsBy(4, head, hint), 0, wideGap, 0, 0), padded(spread(rows(), line(shut, h.take)), wideGap, 0, 0, 0), nil, nil,
		container.New(&halvesLayout{high: 400}, h.table, shown)), letterWidth, h.table)
	if len(h.all) > 0 {
		h.table.pick(0, false, false)
	}
	h.draw()
}

func (h *textVersions) draw() {
	i := h.table.cursor
	able(h.take, i >= 0)
	if i < 0 || i >= len(h.all) {
		return
	}
	h.title.set(h.all[i].Subject)
	h.words.set(h.all[i].Body)
}

// halvesLayout stands one thing above another, each with half of the room.
type halvesLayout struct{ high float32 }

func (l *halvesLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, l.high) }

func (l *halvesLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	half := (s.Height - gap) / 2
	for i, x := range o {
		x.Move(fyne.NewPos(0, float32(i)*(half+gap)))
		x.Resize(fyne.NewSize(s.Width, half))
	}
}

// besideLayout stands two things beside one another where there is room, else below one another.
type besideLayout struct{ width float32 }

// besideFrom is the width from which two columns can be read.
const besideFrom = 720

func (l *besideLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	if l.width >= besideFrom {
		return fyne.NewSize(max(a.Width, b.Width), max(a.Height, b.Height))
	}
	return fyne.NewSize(max(a.Width, b.Width), a.Height+wideGap+b.Height)
}

func (l *besideLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	if s.Width < besideFrom {
		(&rowsLayout{gap: wideGap}).Layout(o, s)
		return
	}
	half := (s.Width - wideGap) / 2
	for i, x := range o {
		x.Resize(fyne.NewSize(half, x.MinSize().Height))
		x.Resize(fyne.NewSize(half, x.MinSize().Height)) // what wraps knows its height only then
		x.Move(fyne.NewPos(float32(i)*(half+wideGap), 0))
	}
}
