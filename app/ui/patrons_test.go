package ui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// patronBench is a window that shows the patrons.
type patronBench struct {
	*screentest.Bench
	w *Window
	p *patronsPage
}

func openPatrons(t *testing.T, fill func(b *screentest.Bench)) *patronBench {
	t.Helper()
	b := goldenBench(t)
	b.Configured()
	if fill != nil {
		fill(b)
	}
	w := open(t, b)
	b.Look()
	w.show("patrons")
	b.Settle()
	arrange(w)
	arrange(w)
	p, ok := w.pages["patrons"].(*patronsPage)
	if !ok {
		t.Fatal("no patrons")
	}
	return &patronBench{Bench: b, w: w, p: p}
}

func smallSchool(b *screentest.Bench) { b.School(data.DateOf(goldenDay)) }

func (b *patronBench) settle() {
	b.Settle()
	b.Look()
	b.Settle()
	arrange(b.w)
}

// open opens the panel of the person with this key.
func (b *patronBench) openPatron(t *testing.T, key string) *patronPanel {
	t.Helper()
	p := newPatronPanel(b.w, b.PatronByKey(key))
	b.settle()
	if len(b.w.layers) == 0 {
		t.Fatal("no panel")
	}
	return p
}

// told stores a run that told Ada of one book and Cleo of none, with the mail accepted.
func told(t *testing.T, b *screentest.Bench) {
	t.Helper()
	today := data.DateOf(goldenDay)
	ada, cleo := b.PatronByKey("1001"), b.PatronByKey("1003")
	run, err := b.Store.BeginRun(t.Context(), data.Run{Day: today, From: today, Began: goldenDay.Add(-4 * time.Hour), State: data.RunPlanned})
	if err != nil {
		t.Fatal(err)
	}
	key := data.NoticeKey{Loan: data.LoanKey("1001", "30001"), Due: today - 4, Stage: "+3", Role: data.RolePatron}
	ids, err := b.Store.QueueLetters(t.Context(), []data.Letter{{
		Message: &data.NewMessage{
			Message:    data.Message{Class: data.ClassNotice, Door: data.DoorNotice, MessageID: "<n1@school.test>", Sender: "library@school.test", From: "library@school.test", To: "ada@school.test", Subject: "Something from the library is overdue"},
			Recipients: []string{"ada@school.test"}, Header: []byte("From: library@school.test\r\nTo: ada@school.test\r\nSubject: Something from the library is overdue\r\n\r\n"),
		},
		Patron: ada, Run: run.ID, Notices: []data.NoticeKey{key}, Loans: []string{key.Loan}, Letter: "overdue-second", Role: data.RolePatron,
	}})
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	err = b.Store.SaveDecisions(t.Context(), run.ID, []data.Decision{
		{Patron: ada, Loan: key.Loan, Title: "The Grey Tower", Due: today - 4, Stage: "+3", Role: data.RolePatron, Ruling: data.RulingSend, Detail: "ada@school.test", Message: ids[0], At: goldenDay.Add(-4 * time.Hour)},
		{Patron: ada, Loan: data.LoanKey("1001", "30002"), Title: "Moths of the North", Due: today + 3, Stage: "-3", Role: data.RoleGuardian, Ruling: data.RulingUndecided, Detail: "7B", At: goldenDay.Add(-4 * time.Hour)},
		{Patron: cleo, Loan: data.LoanKey("1003", "30003"), Title: "A Short History of Salt", Due: today - 1, Stage: "+1", Role: data.RolePatron, Ruling: data.RulingOff, At: goldenDay.Add(-4 * time.Hour)},
	})
	if err != nil {
		t.Fatal(err)
	}
	bringToEnd(t, b, ids[0], data.Sent, data.KindSent)
}

func TestPatronsShots(t *testing.T) {
	for _, look := range []string{screen.ThemeLight, screen.ThemeDark} {
		for _, size := range []fyne.Size{fyne.NewSize(1100, 700), fyne.NewSize(800, 600)} {
			b := openPatrons(t, func(b *screentest.Bench) { smallSchool(b); told(t, b) })
			b.w.appearance.SetTheme(look)
			b.w.setLook()
			b.w.window.Resize(size)
			b.settle()
			name := look + "-" + fmt.Sprint(size.Width)
			b.p.table.pick(1, false, false)
			shot(t, b.w, "patrons-"+name)
			p := b.openPatron(t, "1001")
			shot(t, b.w, "patron-"+name)
			p.content.Objects[1].(interface{ ScrollToBottom() }).ScrollToBottom()
			shot(t, b.w, "patronlow-"+name)
			p.hold(0, "")
			shot(t, b.w, "hold-"+name)
			inspect(t, b.w, "hold")
			key(b.w, fyne.KeyEscape)
			newDirectPanel(b.w, b.PatronByKey("1001"))
			b.settle()
			shot(t, b.w, "direct-"+name)
			inspect(t, b.w, "direct")
		}
	}
}
