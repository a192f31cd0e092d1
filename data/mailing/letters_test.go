package mailing_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
)

// letters queues all of one letter that can go by mail.
func (l *library) letters(template string) mailing.Sent {
	l.t.Helper()
	b, err := l.Prepare(l.t.Context(), l.set, mailing.Choice{Template: template})
	if err != nil {
		l.t.Fatal(err)
	}
	s, err := l.Queue(l.t.Context(), l.set, b, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

// freeLetter puts a text of free letters in force.
func (l *library) freeLetter(body string) {
	l.t.Helper()
	err := l.SaveTemplate(l.t.Context(), data.Template{Key: "free", Language: "en", Name: "Free letter", Subject: "From the library", Body: body})
	if err != nil {
		l.t.Fatal(err)
	}
}

// names tell the lines of a way.
func names(b *mailing.Batch, way mailing.Way) string {
	var all []string
	for _, line := range b.Lines {
		if line.Way == way {
			all = append(all, strings.Join(strings.Fields(line.Patron.First+" "+strings.Join(line.To, ",")+" "+line.Why), " "))
		}
	}
	return strings.Join(all, "; ")
}

func TestLetters(t *testing.T) {
	ctx := t.Context()
	t.Run("the list says who gets it, who gets paper, and who does not and why", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ada, "a", -5), l.loan(l.ben, "b", -5), l.loan(l.eve, "c", -5), l.loan(l.ada, "d", 5))
		if err := l.HoldPatron(ctx, l.ben, l.Today()+3, "ill"); err != nil {
			t.Fatal(err)
		}
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-first"})
		if err != nil {
			t.Fatal(err)
		}
		if got := names(b, mailing.ByMail); got != "Ada ada@school.org" {
			t.Errorf("by mail: %s", got)
		}
		if got := names(b, mailing.OnPaper); got != "Eve There is no e-mail address." {
			t.Errorf("on paper: %s", got)
		}
		if got := names(b, mailing.LeftOut); got != "Ben The patron is on hold (until 2026-11-27: ill)." {
			t.Errorf("left out: %s", got)
		}
	})
	t.Run("the TEST group procedure of the tech note works as written", func(t *testing.T) {
		l := newLibrary(t)
		p, err := l.Store.Patron(ctx, l.ben)
		if err != nil {
			t.Fatal(err)
		}
		p.Group = "TEST"
		if _, err := l.SavePatron(ctx, p); err != nil {
			t.Fatal(err)
		}
		l.Lent(l.loan(l.ben, "b", -5), l.loan(l.ada, "a", -5))
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-first", Groups: []string{"TEST"}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.Queue(ctx, l.set, b, nil)
		if err != nil || s.Queued != 1 || l.waiting() != "ben@school.org" {
			t.Fatalf("%+v %v %s", s, err, l.waiting())
		}
		if e := l.Waiting()[0]; e.Letter.Class != data.ClassLetter || e.Letter.Door != data.DoorLetter {
			t.Fatalf("%+v", e.Letter)
		}
	})
	t.Run("what a person unticked is not queued, and the same list queues nothing twice", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "b", -5), l.loan(l.ada, "a", -5))
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-first"})
		if err != nil {
			t.Fatal(err)
		}
		b.Lines[0].Ticked = false
		for range 2 {
			if _, err := l.Queue(ctx, l.set, b, nil); err != nil {
				t.Fatal(err)
			}
		}
		if l.waiting() != "ben@school.org" {
			t.Fatal(l.waiting())
		}
	})
	t.Run("a stop stops: what is queued stays, the rest can follow later", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.class(250)...)
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-first"})
		if err != nil {
			t.Fatal(err)
		}
		stopped, stop := context.WithCancel(ctx)
		s, err := l.Queue(stopped, l.set, b, func(done, total int) {
			if total != 250 {
				t.Errorf("of %d", total)
			}
			if done >= 100 {
				stop()
			}
		})
		if err != nil || !s.Stopped || s.Queued != 100 || s.Rest != 150 || s.String() != "Stopped: 100 letters wait to be sent, 150 were not queued." {
			t.Fatalf("%+v %v %s", s, err, s)
		}
		if s, err = l.Queue(ctx, l.set, b, nil); err != nil || s.Queued != 150 || len(l.Waiting()) != 250 {
			t.Fatalf("%+v %v, %d wait", s, err, len(l.Waiting()))
		}
		seen := make(map[string]bool)
		for _, e := range l.Waiting() {
			seen[e.Recipient] = true
		}
		if len(seen) != 250 {
			t.Fatalf("%d people of 250", len(seen))
		}
	})
	t.Run("stopped and chosen anew, or chosen in two windows at once, nobody gets it twice", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.class(350)...)
		batch := func() *mailing.Batch {
			b, err := l.Prepare(t.Context(), l.set, mailing.Choice{Template: "overdue-first"})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		first, second := batch(), batch()
		ctx, stop := context.WithCancel(t.Context())
		sent, err := l.Queue(ctx, l.set, first, func(done, _ int) {
			if done >= 200 {
				stop()
			}
		})
		if err != nil || !sent.Stopped || sent.Queued < 200 || sent.Queued >= 350 {
			t.Fatalf("%+v %v", sent, err)
		}
		again, err := l.Queue(t.Context(), l.set, second, nil)
		if err != nil || again.Queued != 350-sent.Queued || again.Waiting != sent.Queued || len(l.Waiting()) != 350 {
			t.Fatalf("%+v %v, %d wait", again, err, len(l.Waiting()))
		}
		if again, err = l.Queue(t.Context(), l.set, batch(), nil); err != nil || again.Queued != 0 || again.String() != "No letter was queued (besides 350 that waited or were sent today already)." {
			t.Fatalf("%s %v", again, err)
		}
		for i := range second.Lines {
			if !second.Lines[i].Queued {
				t.Fatalf("%+v", second.Lines[i])
			}
		}
	})
	t.Run("another letter, or the same one about something else, is another letter", func(t *testing.T) {
		l := newLibrary(t)
		a, b := l.loan(l.ben, "a", -8), l.loan(l.ben, "b", -9)
		l.Lent(a)
		l.letters("overdue-first")
		l.letters("overdue-second")
		l.Lent(a, b)
		l.letters("overdue-first")
		l.freeLetter("Something.")
		l.letters("free")
		n := len(l.Waiting())
		l.freeLetter("Something else.")
		l.letters("free")
		if more := len(l.Waiting()); n != 3+2 || more != n+2 {
			t.Fatal(n, more)
		}
	})
	t.Run("in practice everything goes to the tester, with a banner, and not more than fifty", func(t *testing.T) {
		l := newLibrary(t, "practice.letters", "true")
		l.Lent(l.class(60)...)
		s := l.letters("overdue-first")
		if s.Queued != mailing.MostPractice || s.Held != 10 {
			t.Fatalf("%+v", s)
		}
		for _, e := range l.Waiting() {
			text := l.text(e.Message)
			if e.Recipient != "me@example.org" || !e.Letter.Practice || !strings.HasPrefix(e.Letter.Subject, "[Practice] ") || !strings.Contains(text, "PRACTICE: ") || !strings.Contains(text, "@school.org") {
				t.Fatalf("%+v\n%s", e, text)
			}
		}
	})
	t.Run("practice without a Test to address is refused in words", func(t *testing.T) {
		l := newLibrary(t, "practice.letters", "true", "test_to", "")
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "free"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Queue(ctx, l.set, b, nil); data.CodeOf(err) != data.CodeNotConfigured {
			t.Fatal(err)
		}
	})
	t.Run("a free letter stopped and begun anew reaches nobody twice, unless a person wants that", func(t *testing.T) {
		l := newLibrary(t)
		l.class(150)
		l.freeLetter("The library is closed on Friday.")
		batch := func() *mailing.Batch {
			b, err := l.Prepare(t.Context(), l.set, mailing.Choice{Template: "free", Groups: []string{"9C"}})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		ctx, stop := context.WithCancel(t.Context())
		first := batch()
		sent, err := l.Queue(ctx, l.set, first, func(int, int) { stop() })
		if err != nil || !sent.Stopped || sent.Queued == 0 || sent.Rest == 0 {
			t.Fatalf("%+v %v", sent, err)
		}
		all := sent.Queued
		if sent, err = l.Queue(t.Context(), l.set, batch(), nil); err != nil || sent.Queued != 150-all || sent.Waiting != all || len(l.Waiting()) != 150 {
			t.Fatalf("%+v %v, %d wait", sent, err, len(l.Waiting()))
		}
		if sent, err = l.Queue(t.Context(), l.set, first, nil); err != nil || sent.Queued != 0 || len(l.Waiting()) != 150 {
			t.Fatalf("%+v %v, %d wait", sent, err, len(l.Waiting()))
		}
		l.freeLetter("The library is open on Friday.")
		if sent, err = l.Queue(t.Context(), l.set, batch(), nil); err != nil || sent.Queued != 150 {
			t.Fatalf("other words: %+v %v", sent, err)
		}
		again := batch()
		again.Again = true
		if sent, err = l.Queue(t.Context(), l.set, again, nil); err != nil || sent.Queued != 150 || sent.Waiting != 0 {
			t.Fatalf("wanted again: %+v %v", sent, err)
		}
	})
	t.Run("a free letter that nobody wrote yet goes to nobody, and one written in one language to everybody", func(t *testing.T) {
		l := newLibrary(t)
		l.Patron(data.Patron{Key: "F1", First: "Fleur", Last: "Petit", Group: "7B", Email: "fleur@school.org", Language: "fr"})
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "free", Groups: []string{"7B"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Queue(ctx, l.set, b, nil); data.CodeOf(err) != data.CodeNotNow {
			t.Fatal(err)
		}
		l.freeLetter("The library is closed on Friday.")
		if s, err := l.Queue(ctx, l.set, b, nil); err != nil || s.Queued != 3 {
			t.Fatalf("%+v %v", s, err)
		}
		for _, e := range l.Waiting() {
			if !strings.Contains(l.text(e.Message), "closed on Friday") {
				t.Errorf("%s reads\n%s", e.Recipient, l.text(e.Message))
			}
		}
	})
	t.Run("a practice run goes out at once and keeps a ledger of its own", func(t *testing.T) {
		l := newLibrary(t, "practice.letters", "true", "overdue.approve", "true")
		l.Lent(l.loan(l.ben, "b", -1))
		if r := l.run(l.Today()); r.State != data.RunDone || r.Queued != 1 || !r.Practice || l.waiting() != "me@example.org" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
		l.set.PracticeLetters, l.set.Overdue.Approve = false, false
		if r := l.run(l.Today()); r.Queued != 1 || r.Practice || l.waiting() != "me@example.org ben@school.org" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
	t.Run("a letter that is not there is refused in words", func(t *testing.T) {
		l := newLibrary(t)
		if _, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-fisrt"}); data.CodeOf(err) != data.CodeNotFound {
			t.Fatal(err)
		}
	})
	t.Run("the preview is the mail that leaves", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "b", -5))
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-first", Which: notice.WhichAll})
		if err != nil {
			t.Fatal(err)
		}
		p, err := l.Preview(ctx, l.set, &b.Lines[0].Mail)
		if err != nil || p.To != "ben@school.org" || p.From != "Library <library@example.org>" || !strings.Contains(p.Text, "The book b") || !strings.Contains(p.HTML, "The book b") {
			t.Fatalf("%+v %v", p, err)
		}
		if len(l.Waiting()) != 0 {
			t.Fatal(l.waiting())
		}
		id, err := l.SendPreview(ctx, l.set, &b.Lines[0].Mail)
		if err != nil || id == 0 || l.waiting() != "me@example.org" {
			t.Fatalf("%v %s", err, l.waiting())
		}
		if text := l.text(id); !strings.Contains(text, "PRACTICE: ") || !strings.Contains(text, "The book b") {
			t.Fatal(text)
		}
	})
	t.Run("paper holds those without an address, and whoever else is ticked", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "b", -5), l.loan(l.eve, "e", -5))
		b, err := l.Prepare(ctx, l.set, mailing.Choice{Template: "overdue-first"})
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		told := 0
		n, err := l.Print(ctx, l.set, &page, b, mailing.Printing{Format: "html", Progress: func(done, total int) { told = done*100 + total }})
		if err != nil || n != 2 || told != 202 || !strings.Contains(page.String(), "Eve Dunn") || !strings.Contains(page.String(), "Ben Cole") {
			t.Fatalf("%d %v\n%s", n, err, page.String())
		}
		page.Reset()
		n, err = l.Print(ctx, l.set, &page, b, mailing.Printing{Format: "pdf", Way: mailing.OnPaper})
		if err != nil || n != 1 || !bytes.HasPrefix(page.Bytes(), []byte("%PDF-")) {
			t.Fatalf("%d %v", n, err)
		}
	})
	t.Run("the print pile of a run can be printed after it", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "b", -1), l.loan(l.eve, "e", -1))
		r := l.run(l.Today())
		b, err := l.Pile(ctx, l.set, r)
		if err != nil || len(b.Lines) != r.Print || names(b, mailing.OnPaper) != "Eve There is no e-mail address." {
			t.Fatalf("%+v %v", b, err)
		}
	})
	t.Run("a message to one patron goes ahead of letters, and to the tester in practice mode", func(t *testing.T) {
		l := newLibrary(t)
		id, err := l.Send(ctx, l.set, mailing.Direct{Patron: l.ben, To: "ben@school.org", Subject: "Your card", Text: "It lies here."})
		if err != nil || l.waiting() != "ben@school.org" || l.entry(id).Letter.Class != data.ClassDirect {
			t.Fatalf("%v %s", err, l.waiting())
		}
		l.set.Practice = true
		if id, err = l.Send(ctx, l.set, mailing.Direct{Patron: l.ben, To: "ben@school.org", Subject: "Your card", Text: "It lies here."}); err != nil {
			t.Fatal(err)
		}
		if e := l.entry(id); e.Recipient != "me@example.org" || !e.Letter.Practice || !strings.Contains(l.text(id), "ben@school.org") {
			t.Fatalf("%+v", e)
		}
		if _, err := l.Send(ctx, l.set, mailing.Direct{To: "ben at school"}); data.CodeOf(err) != data.CodeUsage {
			t.Fatal(err)
		}
	})
}
