package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// letterList is the tray of letters: looked at and ticked before they are queued or printed.
type letterList struct {
	p *lettersPage
	l *screen.Letters

	object       *fyne.Container
	title        *word
	about        *text
	practice     *fyne.Container
	practiceWord *text
	approve      *button
	settings     *button
	stale        *fyne.Container
	staleWords   *text
	shows        *choice
	counts       *text
	table        *table

	doing, done       *fyne.Container
	doingWords        *text
	meter             *meter
	said              *text
	show, undo        *button
	queue, print, see *button
	change            *button
}

func newLetterList(p *lettersPage) *letterList {
	t := &letterList{p: p, l: p.l}
	t.title = newWord("", theme.SizeNameSubHeadingText, theme.ColorNameForeground, true)
	t.about = newHint("")
	t.change = newButton(lang.L("Change"), t.l.Back)
	t.practiceWord = newText("").tone(toneWarn)
	t.approve = newButton(lang.L("Approve and send for real..."), t.ask)
	t.settings = newButton(lang.L("Open the settings"), func() { p.w.showSetting(t.l.Practice().Setting) })
	inside := spread(line(newIcon("warn", colorWarn), t.practiceWord), line(t.approve, t.settings))
	t.practice = container.NewStack(newPlate(colorWarnBack, colorNone, 6), padded(inside, 6, 6, wideGap, wideGap))
	t.staleWords = newText("").tone(toneWarn)
	t.stale = spread(t.staleWords, newButton(lang.L("Make the list again"), t.l.Again))
	t.shows = newChoice(t.l.Shows(), t.l.SetShow)
	t.counts = newText("")
	t.table = newTable([]column{
		{width: 34}, {title: lang.L("Name")}, {title: lang.L("Group"), width: 92}, {title: lang.L("To")}, {title: lang.L("Loans"), width: 64}, {title: lang.L("How it goes")},
	}, tableOptions{length: t.l.Len, row: t.row, open: t.open, selected: func([]int) { t.drawButtons() }, empty: t.l.Empty, key: t.key, clicked: t.clicked, spare: []int{4, 2}})
	t.doingWords, t.meter = newText(""), newMeter()
	t.doing = line(t.doingWords, t.meter, newButton(lang.L("Stop"), t.l.StopDoing))
	t.said = newText("")
	t.show, t.undo = newLink(lang.L("Show them"), func() { p.w.showQueue("waiting") }), newLink(lang.L("Undo"), t.l.Undo)
	t.done = line(t.said, t.show, t.undo)
	t.queue = newPrimary("", t.plan)
	t.print = newButton(lang.L("Print..."), func() { newLetterPrint(p) })
	t.see = newButton(lang.L("Look at the letter"), func() { t.open(max(t.table.cursor, 0)) })
	top := rowsBy(gap,
		spread(rowsBy(2, t.title, t.about), t.change), t.practice, t.stale,
		flow(sized(t.shows, 190), newLink(lang.L("Tick all"), func() { t.l.TickShown(true) }), newLink(lang.L("Tick none"), func() { t.l.TickShown(false) }), t.counts))
	foot := rowsBy(gap, t.doing, t.done, flow(t.queue, t.print, t.see))
	t.object = container.NewBorder(padded(top, 0, gap, pagePad, pagePad), padded(foot, wideGap, pagePad, pagePad, pagePad), nil, nil, padded(t.table, 0, 0, pagePad, pagePad))
	return t
}

func (t *letterList) row(i int) []cell {
	r := t.l.Row(i)
	tick, weight := cell{mark: markUnticked}, toneNormal
	switch r.Tick {
	case screen.TickOn:
		tick.mark = markTicked
	case screen.TickNone:
		tick.mark, weight = markNone, toneHint
	case screen.TickOff:
		weight = toneHint
	}
	return []cell{tick, {text: r.Name, tone: weight}, {text: r.Group, tone: weight}, {text: r.To, tone: weight}, {text: r.Loans, tone: weight}, {text: r.Way, mark: mark(r.Mark), tone: toneHint}}
}

// clicked ticks by a click into the first column.
func (t *letterList) clicked(i, column int) bool {
	if column != 0 {
		return false
	}
	t.l.Tick([]int{i})
	return true
}

// key ticks what is selected.
func (t *letterList) key(name fyne.KeyName) bool {
	if name != fyne.KeySpace || len(t.table.selection()) == 0 {
		return false
	}
	t.l.Tick(t.table.selection())
	return true
}

func (t *letterList) open(i int) {
	if t.l.Row(i).Patron != 0 {
		newLetterPreview(t.p, i)
	}
}

// plan asks before letters are queued.
func (t *letterList) plan() {
	plan := t.l.Plan()
	if plan.Count == 0 {
		t.p.w.tell(plan.Title, plan.Text)
		return
	}
	t.p.w.ask(question{title: plan.Title, text: plan.Text, yes: plan.Yes, no: lang.L("Go back"), then: func() { t.l.Queue(plan) }})
}

// ask asks before practice ends, and then whether this list is to leave.
func (t *letterList) ask() {
	title, words, yes := t.l.ApproveWords()
	if yes == "" {
		t.p.w.toSettings(title, words, practiceSetting)
		return
	}
	t.p.w.ask(question{title: title, text: words, yes: yes, no: lang.L("Stay in practice"), then: func() {
		t.l.Approve(func() {
			if n, _ := t.l.Ticked(); n > 0 && t.p.w.current == "letters" && len(t.p.w.layers) == 0 {
				t.plan()
			}
		})
	}})
}

// draw shows what the screen knows now.
func (t *letterList) draw() {
	l := t.l
	t.title.set(l.Title())
	t.about.set(l.About())
	practice := l.Practice()
	showIf(t.practice, practice.Words != "")
	t.practiceWord.set(practice.Words)
	showIf(t.approve, practice.Approve)
	showIf(t.settings, practice.Setting != "")
	stale, weight := l.Stale(), toneWarn
	if e := l.Trouble(); e != nil {
		stale, weight = e.Error(), toneBad
	}
	showIf(t.stale, stale != "")
	t.staleWords.tone(weight).set(stale)
	t.shows.setWords(l.Shows())
	t.shows.setIndex(l.Show())
	t.counts.set(l.Counts())
	doing, n, all := l.Doing()
	if l.Making() {
		doing = lang.L("Making the list.")
	}
	showIf(t.doing, doing != "")
	t.doingWords.set(doing)
	t.meter.set(n, all)
	said, bad := l.Done()
	showIf(t.done, said != "" && doing == "")
	t.said.tone(toneGood).set(said)
	if bad {
		t.said.tone(toneBad)
	}
	showIf(t.show, l.InQueue())
	showIf(t.undo, l.CanUndo())
	t.table.refresh()
	t.drawButtons()
	t.object.Refresh()
}

func (t *letterList) drawButtons() {
	doing, _, _ := t.l.Doing()
	idle := doing == "" && !t.l.Making()
	mail, paper := t.l.Ticked()
	t.queue.SetText(t.l.QueueWords())
	able(t.queue, idle && mail > 0)
	able(t.print, idle && mail+paper > 0 || idle && t.l.Len() > 0)
	able(t.see, t.l.Len() > 0)
	able(t.change, idle)
	able(t.approve, idle)
}
