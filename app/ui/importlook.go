package ui

import (
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// importLook shows what the file seems to be, and lets that be put right.
type importLook struct {
	p      *importPanel
	object fyne.CanvasObject

	what, form, notes, doubt, more                    *text
	kind, saved, letters, parted, sheet, names        *choice
	savedAt, lettersAt, partedAt, sheetAt, everything *fyne.Container
	preview                                           *fyne.Container
	columns                                           *button
	drawn                                             [2]any
}

func newImportLook(p *importPanel) importStep {
	l := &importLook{p: p, what: newText("").bold(), form: newHint(""), notes: newHint("").tone(toneWarn), doubt: newText("").tone(toneWarn), more: newHint("")}
	im := p.im
	l.kind = newChoice(im.Kinds(), im.SetKind)
	l.saved, l.letters = newChoice(nil, im.SetSaved), newChoice(nil, im.SetEncoding)
	l.parted, l.sheet = newChoice(nil, im.SetSeparator), newChoice(nil, im.SetSheet)
	l.names = newChoice(nil, im.SetHeaderRow)
	l.savedAt, l.lettersAt = captioned(lang.L("Kept answers"), l.saved, 300), captioned(lang.L("Letters are written as"), l.letters, 300)
	l.partedAt, l.sheetAt = captioned(lang.L("Columns are parted by"), l.parted, 180), captioned(lang.L("Sheet"), l.sheet, 180)
	l.columns = newLink(lang.L("Look at the columns"), im.ShowColumns)
	l.preview = rowsBy(0)
	l.doubt.set(lang.L("The letters could be meant otherwise. Look at the rows below: if a letter looks wrong, choose how they are written until it looks right."))
	l.everything = flow(captioned(lang.L("It holds"), l.kind, 300), l.savedAt, l.lettersAt, l.partedAt, l.sheetAt, captioned(lang.L("The names of the columns stand"), l.names, 220))
	l.object = importScroll(rowsBy(4, l.what, l.form, l.notes), l.everything, l.doubt, rowsBy(4, l.preview, l.more), line(l.columns))
	return l
}

func (l *importLook) content() fyne.CanvasObject { return l.object }
func (l *importLook) first() fyne.Focusable      { return nil }

func (l *importLook) draw() {
	im := l.p.im
	l.what.set(im.Understood())
	l.form.set(im.Name() + ": " + im.Form())
	say(l.notes, strings.Join(im.LookNotes(), " "))
	drawChoice(l.kind, im.Kinds(), im.Kind())
	drawChoice(l.saved, im.Saved(), im.SavedIn())
	drawChoice(l.letters, im.Encodings(), im.Encoding())
	drawChoice(l.parted, im.Separators(), im.Separator())
	drawChoice(l.sheet, im.Sheets(), im.Sheet())
	drawChoice(l.names, im.HeaderRows(), im.HeaderRow())
	showIf(l.savedAt, len(im.Saved()) > 0)
	showIf(l.lettersAt, len(im.Encodings()) > 0)
	showIf(l.partedAt, len(im.Separators()) > 0)
	showIf(l.sheetAt, len(im.Sheets()) > 0)
	showIf(l.doubt, im.InDoubt())
	showIf(l.columns, im.SavedIn() > 0)
	headers, rows, more := im.Preview()
	if now := [2]any{headers, rows}; !reflect.DeepEqual(now, l.drawn) {
		l.drawn = now
		l.preview.Objects = []fyne.CanvasObject{previewTable(headers, rows)}
	}
	l.more.set(l.p.w.desk.Say("{{.N}} more columns are not shown here.", screen.With("N", more)))
	if more == 1 {
		l.more.set(lang.L("1 more column is not shown here."))
	}
	if more == 1 {
		l.more.set(lang.L("1 more column is not shown here."))
	}
	showIf(l.more, more > 0)
	l.everything.Refresh()
}

// drawChoice shows other words or another choice, if they are others.
func drawChoice(c *choice, words []string, at int) {
	if !slices.Equal(c.words, words) {
		c.setWords(words)
	}
	if c.index() != at {
		c.setIndex(at)
	}
}

// previewTable shows a few rows of a file, as high as they are.
func previewTable(headers []string, rows [][]string) fyne.CanvasObject {
	var columns []column
	for _, h := range headers {
		columns = append(columns, column{title: h})
	}
	t := newTable(columns, tableOptions{
		length: func() int { return len(rows) },
		row: func(i int) []cell {
			var cells []cell
			for _, v := range rows[i] {
				cells = append(cells, cell{text: v})
			}
			return cells
		},
		empty: func() (what, next string) { return lang.L("There are no rows below the names of the columns."), "" },
	})
	return atHeight(t, headHigh+4+float32(max(len(rows), 2))*rowHigh)
}
