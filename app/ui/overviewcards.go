package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// serviceCard says what the service does, and is where it is started and stopped.
type serviceCard struct {
	w       *Window
	whole   *screen.Overview
	object  fyne.CanvasObject
	state   *stateMark
	note    *text
	said    *saying
	start   *button
	stop    *button
	restart *button
	auto    *check
	startup *text
}

func newServiceCard(w *Window) *serviceCard {
	c := &serviceCard{w: w, whole: w.whole, state: newMark(markBusy, ""), note: newText("").tone(toneHint), said: newSaying(newText("")), startup: newHint("")}
	c.start = newPrimary(lang.L("Start"), c.whole.Start)
	c.stop = newButton(lang.L("Stop"), c.askStop)
	c.restart = newButton(lang.L("Restart"), c.whole.Restart)
	c.auto = newCheck(lang.L("Start with the computer"), c.whole.SetStartup)
	c.object = newCard(lang.L("Service"), c.state, c.note, line(c.start, c.stop, c.restart), c.said.object, rowsBy(2, c.auto, c.startup))
	return c
}

func (c *serviceCard) askStop() {
	c.w.ask(question{
		title: lang.L("Stop the service?"), danger: true, yes: lang.L("Stop"), then: c.whole.Stop,
		text: lang.L("What is being sent is finished first. Everything else waits until the service is started again."),
	})
}

func (c *serviceCard) fill() {
	s := c.whole.Service()
	c.state.set(markOf(s.Mood), s.Words)
	put(c.note, c.whole.ServiceNote(), toneHint)
	c.said.set(c.whole.OrderSaid())
	enable(c.start, c.whole.CanStart())
	enable(c.stop, c.whole.CanStop())
	enable(c.restart, c.whole.CanRestart())
	words, auto, choose := c.whole.Startup()
	c.auto.SetChecked(auto)
	c.auto.Hidden = !choose
	if can := c.whole.CanChooseStartup(); can == c.auto.Disabled() {
		if can {
			c.auto.Enable()
		} else {
			c.auto.Disable()
		}
	}
	put(c.startup, words, toneHint)
}

// sendingCard says when the queue is looked at next and how much may still go today, and is where a person need not wait for that.
type sendingCard struct {
	w      *Window
	whole  *screen.Overview
	object fyne.CanvasObject
	next   *text
	last   *text
	limit  *text
	share  *share
	now    *button
	capped *fyne.Container // limit and share
	said   *saying
	log    *saying
}

func newSendingCard(w *Window) *sendingCard {
	c := &sendingCard{w: w, whole: w.whole, next: newText(""), last: newText(""), limit: newText(""), share: newShare(), said: newSaying(newText("")), log: newSaying(newText(""))}
	c.now = newButton(lang.L("Send now"), func() {
		c.whole.SendNow(func(words string) {
			w.ask(question{title: lang.L("Start the service?"), text: words, yes: lang.L("Start and send"), then: c.whole.StartAndSend})
		})
	})
	c.log.quiet = true
	c.capped = rowsBy(6, c.limit, c.share)
	c.object = newCard(lang.L("Sending"), c.next, c.last, line(c.now), c.said.object, c.capped, c.log.object)
	return c
}

func (c *sendingCard) fill() {
	put(c.next, c.whole.NextCheck(), toneNormal)
	put(c.last, c.whole.LastCheck(), toneHint)
	enable(c.now, c.whole.CanSend())
	c.said.set(c.whole.SendSaid())
	words, part, set := c.whole.Limit()
	c.limit.set(words)
	c.capped.Hidden = !set
	c.share.set(part)
	c.log.set(c.whole.DailyLog())
}

func enable(b *button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}
