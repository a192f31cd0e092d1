package mailing_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
)

func TestRecheck(t *testing.T) {
	t.Run("a book brought back takes its waiting notice along", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "a", -1))
		l.run(l.Today())
		l.Lent()
		l.recheck()
		if got := l.waiting(); got != "" {
			t.Fatalf("still waiting: %s", got)
		}
	})
	t.Run("of two books one is back: the notice is written anew about the other", func(t *testing.T) {
		l := newLibrary(t)
		a, b := l.loan(l.ben, "a", -1), l.loan(l.ben, "b", -3)
		l.Lent(a, b)
		l.run(l.Today())
		if text := l.text(l.Waiting()[0].Message); !strings.Contains(text, "The book a") || !strings.Contains(text, "The book b") {
			t.Fatal(text)
		}
		l.Lent(a)
		if r := l.recheck(); r.Rewritten != 1 || r.Cancelled != 0 {
			t.Fatalf("%+v", r)
		}
		all := l.Waiting()
		if len(all) != 1 || all[0].Recipient != "ben@school.org" || all[0].Letter.Class != data.ClassNotice || all[0].Letter.Door != data.DoorNotice {
			t.Fatalf("%+v", all)
		}
		text := l.text(all[0].Message)
		if !strings.Contains(text, "The book a") || strings.Contains(text, "The book b") {
			t.Fatal(text)
		}
		if r := l.recheck(); r != (mailing.Rechecked{}) {
			t.Fatalf("looked at again: %+v", r)
		}
		l.Lent()
		if l.recheck(); l.waiting() != "" {
			t.Fatalf("the last book is back: %s", l.waiting())
		}
		if r := l.run(l.Today()); r.Queued != 0 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("only what was named besides is left: no notice remains", func(t *testing.T) {
		l := newLibrary(t)
		a, b := l.loan(l.ben, "a", -1), l.loan(l.ben, "b", 9)
		l.Lent(a, b)
		l.run(l.Today())
		l.Lent(b)
		if r := l.recheck(); r.Cancelled != 1 || l.waiting() != "" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
	t.Run("a renewed book is not dunned, and is told anew by its new date", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "a", -1))
		l.run(l.Today())
		l.Lent(l.loan(l.ben, "a", 3))
		if r := l.recheck(); r.Cancelled != 1 {
			t.Fatalf("%+v", r)
		}
		if r := l.run(l.Today()); r.Queued != 1 || !strings.Contains(l.text(l.Waiting()[0].Message), "27 Nov 2026") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a loan held after the plan is not told", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "a", -1))
		l.run(l.Today())
		loans, err := l.Loans(t.Context(), l.ben, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.HoldLoan(t.Context(), loans[0].ID, l.Today()+5, "says returned"); err != nil {
			t.Fatal(err)
		}
		if l.recheck(); l.waiting() != "" {
			t.Fatal(l.waiting())
		}
	})
	t.Run("both parents' notices are written anew, each to its own address", func(t *testing.T) {
		l := newLibrary(t, "overdue.stages", "+1:overdue-first:guardian,+3:overdue-second:guardian", "overdue.disclosure", "titles")
		a, b := l.loan(l.ada, "a", -1), l.loan(l.ada, "b", -3)
		l.Lent(a, b)
		l.run(l.Today())
		if l.waiting() != "mona@home.org max@home.org" {
			t.Fatal(l.waiting())
		}
		l.Lent(a)
		if r := l.recheck(); r.Rewritten != 2 {
			t.Fatalf("%+v", r)
		}
		if l.waiting() != "mona@home.org max@home.org" {
			t.Fatal(l.waiting())
		}
		for _, e := range l.Waiting() {
			if text := l.text(e.Message); strings.Contains(text, "The book b") || !strings.Contains(text, "The book a") {
				t.Fatal(text)
			}
		}
	})
	t.Run("a parent's corrected address gets the notice that waits, and no parent gets it twice", func(t *testing.T) {
		l := newLibrary(t, "overdue.stages", "+1:overdue-first:guardian", "overdue.disclosure", "titles")
		l.Lent(l.loan(l.ada, "a", -1))
		l.run(l.Today())
		parents := func(change func(p *data.Patron)) string {
			p, err := l.Store.Patron(t.Context(), l.ada)
			if err != nil {
				t.Fatal(err)
			}
			change(&p)
			l.Patron(p)
			l.recheck()
			return l.waiting()
		}
		if got := parents(func(p *data.Patron) { p.Guardians[0].Email = "mona@work.org" }); got != "max@home.org mona@work.org" {
			t.Fatal(got)
		}
		if text := l.text(l.Waiting()[1].Message); strings.Contains(text, "max@") || strings.Contains(text, "mona@home") {
			t.Fatal(text)
		}
		if got := parents(func(p *data.Patron) { p.Guardians[0].Email, p.Guardians[1].Email = "m@new.org", "x@new.org" }); got != "m@new.org x@new.org" && got != "x@new.org m@new.org" {
			t.Fatal(got)
		}
		if got := parents(func(p *data.Patron) { p.Guardians[0].Notices = false }); got != "x@new.org" {
			t.Fatal(got)
		}
		if got := parents(func(p *data.Patron) { p.Guardians = p.Guardians[1:] }); got != "x@new.org" {
			t.Fatal(got)
		}
		if r := l.run(l.Today()); r.Queued != 0 {
			t.Fatalf("told again: %+v", r)
		}
	})
	t.Run("where one of two parents is gone, the other does not get the letter twice", func(t *testing.T) {
		l := newLibrary(t, "overdue.disclosure", "titles")
		l.Lent(l.loan(l.ada, "a", -5))
		b, err := l.Prepare(t.Context(), l.set, mailing.Choice{Template: "overdue-first", Audience: data.ToGuardian})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Queue(t.Context(), l.set, b, nil); err != nil {
			t.Fatal(err)
		}
		p, err := l.Store.Patron(t.Context(), l.ada)
		if err != nil {
			t.Fatal(err)
		}
		p.Guardians = p.Guardians[1:]
		l.Patron(p)
		if r := l.recheck(); r.Cancelled != 1 || l.waiting() != "max@home.org" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
	t.Run("a letter a person sent is written anew about what is still overdue", func(t *testing.T) {
		l := newLibrary(t)
		a, b, c := l.loan(l.ben, "a", -5), l.loan(l.ben, "b", -9), l.loan(l.ben, "c", 9)
		l.Lent(a, b, c)
		l.letters("overdue-first")
		l.Lent(a, c)
		if r := l.recheck(); r.Rewritten != 1 {
			t.Fatalf("%+v", r)
		}
		if text := l.text(l.Waiting()[0].Message); strings.Contains(text, "The book b") || !strings.Contains(text, "The book a") {
			t.Fatal(text)
		}
		l.Lent(c)
		if l.recheck(); l.waiting() != "" {
			t.Fatal(l.waiting())
		}
	})
	t.Run("what was only practice stays practice", func(t *testing.T) {
		l := newLibrary(t, "practice.letters", "true")
		a, b := l.loan(l.ben, "a", -1), l.loan(l.ben, "b", -3)
		l.Lent(a, b)
		l.run(l.Today())
		l.set.PracticeLetters = false
		l.Lent(a)
		l.recheck()
		all := l.Waiting()
		if len(all) != 1 || all[0].Recipient != "me@example.org" || !all[0].Letter.Practice {
			t.Fatalf("%+v", all)
		}
	})
}

func TestReword(t *testing.T) {
	t.Run("a notice that waited two days says how late the book is today, and is the same message", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "a", -1))
		l.run(l.Today())
		before := l.Waiting()[0]
		if text := l.text(before.Message); !strings.Contains(text, "1 day late") {
			t.Fatal(text)
		}
		l.Set(l.Now().AddDate(0, 0, 2))
		if r := l.recheck(); r.Reworded != 1 || r.Cancelled+r.Rewritten != 0 {
			t.Fatalf("%+v", r)
		}
		all := l.Waiting()
		if len(all) != 1 || all[0].ID != before.ID || all[0].Letter.MessageID != before.Letter.MessageID || !all[0].Letter.Queued.Equal(before.Letter.Queued) {
			t.Fatalf("%+v, before %+v", all, before)
		}
		text := l.text(all[0].Message)
		if !strings.Contains(text, "3 days late") || strings.Contains(text, "1 day late") || !strings.Contains(text, before.Letter.MessageID) {
			t.Fatal(text)
		}
		if r := l.recheck(); r != (mailing.Rechecked{}) {
			t.Fatalf("again: %+v", r)
		}
	})
	t.Run("a notice that something is due soon does not leave when it is late by now", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "a", 3))
		l.run(l.Today())
		l.Set(l.Now().AddDate(0, 0, 2))
		if r := l.recheck(); r.Reworded != 1 || l.waiting() != "ben@school.org" {
			t.Fatalf("%+v", r)
		}
		l.Set(l.Now().AddDate(0, 0, 2))
		if r := l.recheck(); r.Cancelled != 1 || l.waiting() != "" {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a letter about what is not late yet goes on the next day too", func(t *testing.T) {
		l := newLibrary(t)
		mine := data.Template{Key: "fair", Language: "en", Name: "Book fair", Subject: "Book fair", Body: "[Greeting], please bring these along:\n\n[Items]"}
		if err := l.SaveTemplate(t.Context(), mine); err != nil {
			t.Fatal(err)
		}
		a, b := l.loan(l.ben, "a", 5), l.loan(l.ben, "b", 9)
		l.Lent(a, b)
		for _, c := range []mailing.Choice{{Template: "fair", Which: notice.WhichDue, Days: 7}, {Template: "overdue-second", Which: notice.WhichAll}, {Template: "overdue-first", Which: notice.WhichAll}} {
			batch, err := l.Prepare(t.Context(), l.set, c)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Queue(t.Context(), l.set, batch, nil); err != nil {
				t.Fatal(err)
			}
		}
		l.Set(tuesday.AddDate(0, 0, 1))
		if r := l.recheck(); r.Cancelled != 0 || r.Reworded != 3 || len(l.Waiting()) != 3 {
			t.Fatalf("%+v, %d wait", r, len(l.Waiting()))
		}
		for _, e := range l.Waiting() {
			if text := l.text(e.Message); !strings.Contains(text, "The book a") {
				t.Fatal(text)
			}
		}
	})
	t.Run("a free letter keeps its words", func(t *testing.T) {
		l := newLibrary(t)
		l.freeLetter("Something.")
		l.letters("free")
		n := len(l.Waiting())
		l.Set(l.Now().AddDate(0, 0, 2))
		if l.recheck(); len(l.Waiting()) != n || n == 0 {
			t.Fatalf("%d of %d", len(l.Waiting()), n)
		}
	})
	t.Run("a letter whose text was deleted since goes as it was written", func(t *testing.T) {
		l := newLibrary(t)
		mine := data.Template{Key: "mine", Language: "en", Name: "Mine", Subject: "Hello", Body: "[Greeting], it is [Today]."}
		if err := l.SaveTemplate(t.Context(), mine); err != nil {
			t.Fatal(err)
		}
		b, err := l.Prepare(t.Context(), l.set, mailing.Choice{Template: "mine", Which: notice.WhichNone, Groups: []string{"7B"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Queue(t.Context(), l.set, b, nil); err != nil {
			t.Fatal(err)
		}
		before := l.text(l.Waiting()[0].Message)
		if err := l.DropTemplate(t.Context(), "mine", "en"); err != nil {
			t.Fatal(err)
		}
		l.Set(tuesday.AddDate(0, 0, 1))
		if r := l.recheck(); r != (mailing.Rechecked{}) || len(l.Waiting()) != 2 || l.text(l.Waiting()[0].Message) != before {
			t.Fatalf("%+v, %d wait", r, len(l.Waiting()))
		}
	})
	t.Run("a whole batch that waits is put into the words of today", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.class(230)...)
		l.letters("overdue-first")
		l.Set(l.Now().AddDate(0, 0, 1))
		if r := l.recheck(); r.Reworded != 230 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestRecheckUnwritten(t *testing.T) {
	l := newLibrary(t)
	a, b := l.loan(l.ben, "a", -1), l.loan(l.ben, "b", -3)
	l.Lent(a, b)
	l.run(l.Today())
	err := l.SaveTemplate(t.Context(), data.Template{Key: "overdue-first", Language: "en", Name: "Overdue", Subject: "Overdue", Body: "[Frist name]"})
	if err != nil {
		t.Fatal(err)
	}
	l.Lent(a)
	r, err := l.Recheck(t.Context(), l.set)
	if err == nil || r.Cancelled != 1 || l.waiting() != "" {
		t.Fatalf("a letter nobody can write must not leave as it was: %+v %v %s", r, err, l.waiting())
	}
}
