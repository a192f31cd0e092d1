package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// noticesState is the first card: on or off, and what waits for a person.
type noticesState struct {
	p *noticesPage

	object   fyne.CanvasObject
	body     *fyne.Container
	foot     *fyne.Container
	words    *text
	mark     *stateMark
	turn     *button
	callouts *fyne.Container
	fresh    *text
	doing    *text
	real     *button // begins practice again
	drawn    []calloutDrawn
}

// calloutDrawn is one callout as it is shown; a button that is made anew would lose the keyboard.
type calloutDrawn struct {
	mood        screen.Mood
	words, next string
	buttons     string
}

// callout is something a person should know, with what can be pressed for it.
type callout struct {
	calloutDrawn

	press []*button
}

func newNoticesState(p *noticesPage) *noticesState {
	s := &noticesState{p: p, words: newText(""), mark: newMark(markNone, ""), callouts: rowsBy(gap), fresh: newText(""), doing: newText("").tone(toneHint)}
	s.turn = newButton("", s.toggle)
	s.real = newLink(lang.L("Practise again"), p.n.Practise)
	s.foot = line(s.fresh, s.real)
	s.body = rows(
		spread(withIcon(s.mark, s.words), s.turn), s.doing, s.callouts, s.foot)
	s.object = newCard("", s.body)
	return s
}

// toggle switches on after a question, and off at once.
func (s *noticesState) toggle() {
	n, w := s.p.n, s.p.w
	if n.On() {
		n.Switch(false)
		return
	}
	if why := n.Unready(); why != "" {
		w.toSettings(lang.L("Something is missing"), why, "")
		return
	}
	title, text := n.SwitchWords()
	w.ask(question{title: title, text: text, yes: lang.L("Switch on"), then: func() { n.Switch(true) }})
}

func (s *noticesState) draw() {
	n := s.p.n
	is := n.State()
	s.mark.set(markOf(is.Mood), "")
	s.words.set(is.Words)
	if n.On() {
		s.turn.SetText(lang.L("Switch off"))
	} else {
		s.turn.SetText(lang.L("Switch on"))
	}
	s.turn.primary(!n.On())
	able(s.turn, n.Loaded() && n.Problem() == nil && n.Doing() == "")
	doing := n.Doing()
	if doing == "" {
		doing = n.Asked()
	}
	put(s.doing, doing, toneHint)
	s.drawCallouts(s.list())
	fresh, old := n.Fresh()
	if old {
		fresh = "" // stands above, with what to do
	}
	put(s.fresh, fresh, toneHint)
	words, _ := n.Practice()
	s.real.Hidden = words != "" || !n.Loaded() || !n.On()
	s.foot.Hidden = fresh == "" && s.real.Hidden
	s.object.Refresh()
}

// list are the callouts, what is most urgent first.
func (s *noticesState) list() []callout {
	n, w := s.p.n, s.p.w
	var all []callout
	add := func(mood screen.Mood, words, next string, press ...*button) {
		if words == "" {
			return
		}
		x := callout{calloutDrawn: calloutDrawn{mood: mood, words: words, next: next}, press: press}
		for _, b := range press {
			x.buttons += b.text
			if b.Disabled() {
				x.buttons += " (not now)"
			}
			x.buttons += "\n"
		}
		all = append(all, x)
	}
	if stopped := n.Stopped(); stopped != "" && n.CanStart() {
		add(screen.MoodWarn, stopped, "", newPrimary(lang.L("Start the service"), n.Start))
	} else {
		add(screen.MoodWarn, stopped, "")
	}
	waiting, waits := n.Waiting()
	if waits {
		look := newButton(lang.L("Look at them"), s.p.rehearse.look)
		send := newPrimary(waiting.Yes, s.send)
		if waiting.Held {
			send = newButton(waiting.Yes, s.send)
		}
		able(send, waiting.Can)
		buttons := []*button{look, send, newButton(lang.L("Do not send"), s.refuse)}
		if waiting.Held {
			buttons = append([]*button{newPrimary(lang.L("Import now..."), func() { importLists(w) })}, buttons...)
		}
		add(screen.MoodWarn, waiting.Words, waiting.Means, buttons...)
	}
	if fresh, old := n.Fresh(); old && n.On() && (!waits || !waiting.Held) {
		add(screen.MoodWarn, fresh, "", newButton(lang.L("Import now..."), func() { importLists(w) }))
	}
	switch nobody := n.Nobody(); {
	case nobody != "" && n.NoPatrons():
		add(screen.MoodWarn, nobody, "", newButton(lang.L("Import..."), func() { importLists(w) }))
	case nobody != "":
		add(screen.MoodWarn, nobody, "", newButton(lang.L("Show the groups..."), func() { newGroupsPanel(s.p) }))
	}
	if n.On() {
		words, everything := n.Practice()
		switch {
		case everything:
			add(screen.MoodOff, words, "", newButton(lang.L("Open the settings"), func() { w.showSetting(practiceSetting) }))
		case words != "" && n.Unready() != "":
			add(screen.MoodOff, words, "", newButton(lang.L("Open the settings"), func() { w.showSetting("test_to") }))
		default:
			add(screen.MoodOff, words, "", newButton(lang.L("Approve and send for real..."), s.approve))
		}
	}
	return all
}

func (s *noticesState) drawCallouts(all []callout) {
	same := len(all) == len(s.drawn)
	for i := range all {
		same = same && all[i].calloutDrawn == s.drawn[i]
	}
	if same {
		return
	}
	s.drawn, s.callouts.Objects = nil, nil
	for _, x := range all {
		s.drawn = append(s.drawn, x.calloutDrawn)
		s.callouts.Add(calloutCard(x))
	}
	s.callouts.Hidden = len(all) == 0
}

func calloutCard(x callout) fyne.CanvasObject {
	ground := colorWarnBack
	if x.mood == screen.MoodOff {
		ground = colorRail
	}
	words := rowsBy(2, newText(x.words).bold())
	if x.next != "" {
		words.Add(newText(x.next))
	}
	inside := rows(withIcon(newMark(markOf(x.mood), ""), words))
	if len(x.press) > 0 {
		buttons := flow()
		for _, b := range x.press {
			buttons.Add(b)
		}
		inside.Add(padded(buttons, 0, 0, iconSize+8, 0))
	}
	return container.NewStack(newPlate(ground, colorLine, 6), padded(inside, 10, 10, 12, 12))
}

func (s *noticesState) send() {
	n := s.p.n
	waiting, ok := n.Waiting()
	if !ok {
		return
	}
	s.p.w.ask(question{title: s.p.w.desk.Say("{{.Yes}}?", screen.With("Yes", waiting.Yes)), text: waiting.Words + "\n\n" + waiting.Means, yes: waiting.Yes, then: n.SendWaiting})
}

func (s *noticesState) refuse() {
	title, text := s.p.n.RefuseWords()
	s.p.w.ask(question{title: title, text: text, yes: lang.L("Do not send"), no: lang.L("Go back"), danger: true, then: s.p.n.Refuse})
}

func (s *noticesState) approve() {
	title, text, yes := s.p.n.ApproveWords()
	if yes == "" {
		s.p.w.toSettings(title, text, practiceSetting)
		return
	}
	s.p.w.ask(question{title: title, text: text, yes: yes, then: s.p.n.Approve})
}
