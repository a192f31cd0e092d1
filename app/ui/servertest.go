package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// serverTest shows the test of one server: its button, its steps as they happen, its one sentence, and what mends it.
type serverTest struct {
	w *Window
	s *screen.Settings
	t *screen.ServerTest

	object  *fyne.Container
	start   *button
	stop    *button
	explain *text

	note    *noteLine
	steps   *fyne.Container
	rows    []*stepRow
	end     *noteLine
	remedy  *text
	mend    *fyne.Container
	mending []string // the words of its buttons

	offer     *fyne.Container
	offerSaid *text

	room       pageRoom
	last       *fyne.Container
	lastOn     *text
	lastResult *noteLine
}

// newServerTest makes the test of server 1, or the look at server 2.
func newServerTest(w *Window, s *screen.Settings, server int) fyne.CanvasObject {
	return makeServerTest(w, s, server).object
}

func makeServerTest(w *Window, s *screen.Settings, server int) *serverTest {
	t := &serverTest{w: w, s: s, t: screen.NewServerTest(w.desk, s, server)}
	t.start = newButton(t.t.ButtonText(), func() {
		t.t.Test()
		t.toTop()
	})
	t.stop = newButton(lang.L("Stop waiting"), t.t.StopWaiting)
	t.explain = newHint(t.t.Explanation())
	t.t.OnSignIn = func() { w.toSignIn(server) }
	t.t.OnSheet = func() { newITSheet(w, "") }
	sheet := newLink(lang.L("Write a request for IT"), t.t.OnSheet)
	sheet.Hidden = server == 2
	t.note, t.end, t.lastResult = newNoteLine(), newNoteLine(), newNoteLine()
	t.end.words.bold()
	t.remedy = newText("")
	t.steps, t.mend = rows(), line()
	t.offerSaid = newText("")
	t.offer = rows(
		newText(lang.L("It works. Shall the service start with the computer from now on, so that mail leaves without anybody thinking of it?")),
		line(newButton(lang.L("Start with the computer"), t.t.StartWithComputer), newButton(lang.L("Not now"), t.t.DeclineStartup)),
	)
	t.lastOn = newText("")
	t.last = rows(newPair(lang.L("Last tested on"), t.lastOn), newPair(lang.L("Last test result"), t.lastResult.object))
	t.object = rowsBy(wideGap, rows(line(t.start, t.stop), t.explain, sheet), t.note.object, rows(t.end.object, t.remedy, t.mend), t.offer, t.offerSaid, t.steps, t.last)
	t.t.OnChange = t.draw
	t.t.OnFocus = func(field string) {
		if s.OnFocus != nil {
			s.OnFocus(field)
		}
	}
	s.Watch(t.draw)
	w.desk.Watch(func(screen.Change) { t.draw() })
	t.draw()
	return t
}

// toTop gives the steps the room of the page: they grow downwards, and their end stands above them.
func (t *serverTest) toTop() {
	page := scrollAround(t.object)
	if page == nil {
		return
	}
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	top := where(t.object).Y - where(page.Content).Y
	most := page.Content.MinSize().Height - page.Size().Height
	page.ScrollToOffset(fyne.NewPos(0, max(min(top-wideGap, most), 0)))
}

// draw brings everything up to date.
func (t *serverTest) draw() {
	running := t.t.Running()
	t.start.SetText(t.t.ButtonText())
	if running {
		t.start.Disable()
	} else {
		t.start.Enable()
	}
	t.explain.set(t.t.Explanation())
	showIf(t.stop, running)
	busy := markBusy
	if !running {
		busy = markWaiting
	}
	t.note.set(busy, t.t.Note())
	t.drawSteps()
	t.drawEnd()
	t.drawLast()
	t.object.Refresh()
	t.room.fit(t.object)
}

func (t *serverTest) drawSteps() {
	all := t.t.Steps()
	for len(t.rows) < len(all) {
		r := newStepRow(t)
		t.rows = append(t.rows, r)
		t.steps.Add(r.object)
	}
	for i, r := range t.rows {
		showIf(r.object, i < len(all))
		if i < len(all) {
			r.draw(all[i])
		} else {
			r.open(false)
		}
	}
	showIf(t.steps, len(all) > 0)
}

func (t *serverTest) drawEnd() {
	ok, result, remedy := t.t.End()
	m, weight := markBad, toneBad
	if ok {
		m, weight = markGood, toneGood
	}
	if t.t.Running() {
		result, remedy = "", ""
	}
	t.end.words.tone(weight)
	t.end.set(m, result)
	t.remedy.set(remedy)
	showIf(t.remedy, remedy != "")
	t.drawRepairs()
	showIf(t.offer, t.t.OffersStartup())
	t.offerSaid.set(t.t.StartupSaid())
	showIf(t.offerSaid, t.t.StartupSaid() != "")
}

// drawRepairs makes buttons anew only when others are needed: one that has the keyboard keeps it.
func (t *serverTest) drawRepairs() {
	all := t.t.Repairs()
	same := len(all) == len(t.mending)
	for i := range all {
		same = same && all[i].Text == t.mending[i]
	}
	if same {
		return
	}
	t.mend.RemoveAll()
	t.mending = nil
	for i, r := range all {
		press := r.Press
		if r.Trust {
			press = t.askTrust
		}
		made := newButton(r.Text, press)
		if i == 0 {
			made = newPrimary(r.Text, press)
		}
		t.mend.Add(made)
		t.mending = append(t.mending, r.Text)
	}
	showIf(t.mend, len(all) > 0)
}

func (t *serverTest) drawLast() {
	ok, on, result := t.t.LastTested()
	t.lastOn.set(on)
	m := markBad
	if ok {
		m = markGood
	}
	t.lastResult.set(m, result)
	showIf(t.last, on != "")
	showIf(t.last.Objects[1], result != "")
}

// askTrust shows whose certificate it is and asks plainly.
func (t *serverTest) askTrust() {
	q, ok := t.t.TrustQuestion()
	if !ok {
		return
	}
	password := newPassword(nil)
	body := rows(
		newPair(lang.L("For"), newText(q.Subject)),
		newPair(lang.L("Issued by"), newText(q.Issuer)),
		newPair(lang.L("Valid until"), newText(q.Until)),
		newPair(lang.L("Fingerprint (SHA-256)"), newText(q.Spaced())),
	)
	if q.Password {
		body.Add(newField(lang.L("Password again"), "", lang.L("It is kept for this server with this certificate only, so it is needed once more."), password).object)
	}
	t.w.ask(question{
		title: q.Title, text: q.Text, yes: lang.L("Trust it, save and test"), no: lang.L("Do not trust it"), body: body,
		then: func() {
			if q.Password && password.Text == "" {
				t.w.tell(q.Title, lang.L("Nothing was changed: the password is needed."))
				return
			}
			t.t.Trust(password.Text)
		},
	})
}
