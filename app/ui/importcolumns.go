package ui

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// mostUntaken is how many columns that are not taken are listed; nobody looks through more.
const mostUntaken = 150

// importColumns asks what only a person knows, and shows what each column becomes.
type importColumns struct {
	p      *importPanel
	object fyne.CanvasObject

	asked     *fyne.Container
	questions []*importQuestion
	table     *fyne.Container
	rows      []*importColumnRow
	rest      *fyne.Container
	fold      *button
	complete  *check
	means     *text
	auto      *check
	autoAt    *fyne.Container
	wholeAt   *fyne.Container
	keep      *check
	name      *entry
	nameAt    *fyne.Container
	nameNote  *text
	drawn     [3]any
}

func newImportColumns(p *importPanel) importStep {
	c := &importColumns{p: p, asked: rowsBy(wideGap), table: rowsBy(6), rest: rowsBy(6), means: newHint(""), nameNote: newHint("").tone(toneWarn)}
	c.rest.Hide()
	c.fold = newLink("", func() {
		c.rest.Hidden = !c.rest.Hidden
		p.draw()
	})
	c.complete = newCheck(lang.L("This list is complete"), p.im.SetComplete)
	c.auto = newCheck(lang.L("Switch on automatic notices for new patrons"), p.im.SetAuto)
	c.keep = newCheck(lang.L("Keep these answers for the next time, as"), p.im.SetRemember)
	c.name = newEntry(p.im.SetName)
	c.wholeAt, c.autoAt = rowsBy(2, c.complete, indented(c.means)), rowsBy(2, c.auto)
	c.nameAt = rowsBy(2, flow(c.keep, sized(c.name, 240)), c.nameNote)
	head := becoming(newHint(lang.L("Column of the file, with a value of it")), newHint(lang.L("Becomes")))
	c.object = importScroll(c.asked,
		newCard(lang.L("Columns"), head, c.table, line(c.fold), c.rest),
		newCard(lang.L("How it is taken in"), c.wholeAt, c.autoAt, c.nameAt))
	return c
}

func (c *importColumns) content() fyne.CanvasObject { return c.object }

// first is the first question, if there is one.
func (c *importColumns) first() fyne.Focusable {
	if len(c.questions) > 0 {
		return c.questions[0].first()
	}
	return nil
}

func (c *importColumns) draw() {
	im := c.p.im
	all, taken := im.Columns()
	headers := make([]string, all)
	for i := range headers {
		headers[i] = im.Column(i).Header
	}
	words := im.FieldWords()
	asks := im.Questions()
	if now := [3]any{headers, words, taken}; !reflect.DeepEqual(now, c.drawn) {
		c.drawn = now
		c.build(all, taken, words)
	}
	if len(asks) != len(c.questions) || !c.sameQuestions(asks) {
		c.ask(asks)
	}
	for i, q := range c.questions {
		q.draw(&asks[i])
	}
	c.asked.Hidden = len(asks) == 0
	for _, r := range c.rows {
		r.draw(im)
	}
	c.drawFold(all - taken)
	on, label, hint := im.Complete()
	c.complete.text = label
	c.complete.SetChecked(on)
	c.means.set(hint)
	c.wholeAt.Hidden = !im.MayComplete()
	c.auto.SetChecked(im.Auto())
	c.autoAt.Hidden = !im.MayAuto()
	keep, name := im.Remember()
	c.keep.SetChecked(keep)
	if c.name.Text != name {
		c.name.SetText(name)
	}
	if keep {
		c.name.Enable()
	} else {
		c.name.Disable()
	}
	say(c.nameNote, im.NameNote().Text)
}

func (c *importColumns) drawFold(n int) {
	with := screen.With("N", n)
	switch {
	case n == 1 && c.rest.Hidden:
		c.fold.SetText(lang.L("Show the column that is not taken"))
	case n == 1:
		c.fold.SetText(lang.L("Hide the column that is not taken"))
	case c.rest.Hidden:
		c.fold.SetText(c.p.w.desk.Say("Show the {{.N}} columns that are not taken", with))
	default:
		c.fold.SetText(c.p.w.desk.Say("Hide the {{.N}} columns that are not taken", with))
	}
	showIf(c.fold, n > 0)
}

// build makes the rows of the columns anew.
func (c *importColumns) build(all, taken int, words []string) {
	c.rows, c.table.Objects, c.rest.Objects = nil, nil, nil
	c.rest.Hidden = taken > 0 // where nothing is recognised, all there is to do is below
	for i := range min(all, taken+mostUntaken) {
		r := newImportColumnRow(c.p.im, i, words)
		c.rows = append(c.rows, r)
		if i < taken {
			c.table.Add(r.object)
		} else {
			c.rest.Add(r.object)
		}
	}
	if more := all - taken - mostUntaken; more == 1 {
		c.rest.Add(newHint(lang.L("1 more column is not listed and not taken.")))
	} else if more > 1 {
		c.rest.Add(newHint(c.p.w.desk.Say("{{.N}} more columns are not listed and not taken.", screen.With("N", more))))
	}
	c.table.Hidden = taken == 0
}

func (c *importColumns) sameQuestions(asks []screen.ImportQuestion) bool {
	for i, q := range c.questions {
		if q.ask != asks[i].Ask || !reflect.DeepEqual(q.choices, asks[i].Choices) {
			return false
		}
	}
	return true
}

func (c *importColumns) ask(asks []screen.ImportQuestion) {
	c.questions, c.asked.Objects = nil, nil
	for i := range asks {
		q := newImportQuestion(c.p.im, i, &asks[i])
		c.questions = append(c.questions, q)
		c.asked.Add(q.object)
	}
}
