package screen_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

var directDay = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// newDirect gives the panel of a patron with some loans, in a school where guardians are told how many.
func newDirect(t *testing.T, p data.Patron, loans ...data.Loan) (*screentest.Bench, *screen.Direct) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Save(map[string]string{"library.name": "Maple Hill Library", "library.signature": "Your library\nRoom 114", "overdue.disclosure": "count"})
	b.SetClock(directDay)
	b.Desktop.Mailer = "Letters"
	b.Look()
	id, err := b.Store.SavePatron(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	batch := &data.Batch{Kind: data.RosterLoans, File: "loans.csv", Taken: directDay}
	set := &data.ChangeSet{Batch: batch}
	for i := range loans {
		l := loans[i]
		l.Patron, l.Key = id, data.LoanKey(p.Key, l.Barcode)
		set.New = append(set.New, data.Changed{Is: &l, Owner: p.Key})
	}
	if set.Base, err = b.Store.RosterRevision(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Store.Import(t.Context(), set, nil); err != nil {
		t.Fatal(err)
	}
	m := screen.NewDirect(b.Desk, id)
	m.Refresh(screen.Change{})
	b.Settle()
	if m.Problem() != nil || !m.Loaded() {
		t.Fatal(m.Problem())
	}
	return b, m
}

func ada() data.Patron {
	return data.Patron{Key: "M1", First: "Ada", Last: "Fennimore", Group: "Owls", Email: "ada+lib@example.org", Language: "en", Guardians: []data.Guardian{
		{Name: "Gus Fennimore", Email: "gus@example.org", Role: "father", Notices: true}, {Email: "far@example.org"},
	}}
}

func alice() data.Loan {
	return data.Loan{Barcode: "1", Title: "Alice's Adventures in Wonderland", Author: "Lewis Carroll", Due: data.NewDate(2026, 11, 21)}
}

func oz() data.Loan {
	return data.Loan{Barcode: "2", Title: "The Wonderful Wizard of Oz", Due: data.NewDate(2026, 12, 1)}
}

func way(t *testing.T, m *screen.Direct, key screen.DirectKey) screen.DirectWay {
	t.Helper()
	ways := m.Ways()
	i := slices.IndexFunc(ways, func(w screen.DirectWay) bool { return w.Key == key })
	if i < 0 || len(ways) != 5 {
		t.Fatalf("%s in %+v", key, ways)
	}
	return ways[i]
}

func TestDirectText(t *testing.T) {
	t.Run("subject and text are filled in from name and loans", func(t *testing.T) {
		_, m := newDirect(t, ada(), oz(), alice())
		want := "Dear Ada,\n\nthese items from the library are on loan to you:\n\n- Alice's Adventures in Wonderland (Lewis Carroll), overdue since 21 Nov 2026\n" +
			"- The Wonderful Wizard of Oz, due 1 Dec 2026\n\nYour library\nRoom 114"
		if m.Title() != "E-mail Ada Fennimore" || m.Subject() != "Your loans from the library" || m.Text() != want {
			t.Errorf("%q, %q, %q", m.Title(), m.Subject(), m.Text())
		}
		if to := m.To(); len(to) != 3 || to[0].Words != "Ada Fennimore <ada+lib@example.org>" || to[1].Words != "Guardian: Gus Fennimore (father) <gus@example.org>" ||
			to[2].Words != "Guardian: far@example.org" || to[2].Trouble == "" || m.Chosen() != 0 || m.Note().Words != "" {
			t.Errorf("%+v, %+v", to, m.Note())
		}
	})
	t.Run("it is in the patron's language, or the library's", func(t *testing.T) {
		for language, want := range map[string]string{"de": "Hallo Ada,", "es": "Hola, Ada:", "FR": "Bonjour Ada,", "": "Dear Ada,", "xx": "Dear Ada,"} {
			p := ada()
			p.Language = language
			_, m := newDirect(t, p, alice())
			if !strings.HasPrefix(m.Text(), want+"\n") || strings.Contains(m.Text(), "%") || strings.Contains(m.Subject(), "Alice") {
				t.Errorf("%s: %q, %q", language, m.Subject(), m.Text())
			}
		}
	})
	t.Run("guardians are told what the group's rule lets them know", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice(), oz())
		for rule, want := range map[data.Disclosure]string{
			"":                   "Ada Fennimore has 2 items from the library on loan; the first is due on 21 Nov 2026.",
			data.DiscloseTitles:  "Ada Fennimore has these items from the library on loan:\n\n- Alice's Adventures",
			data.DiscloseNothing: "Dear Gus Fennimore,\n\n\n\nYour library",
		} {
			if err := b.Store.SaveGroupRule(t.Context(), data.GroupRule{Group: "Owls", Disclosure: rule}); err != nil {
				t.Fatal(err)
			}
			m.Refresh(screen.Change{Store: true})
			b.Settle()
			m.Choose(1)
			if !strings.HasPrefix(m.Text(), "Dear Gus Fennimore,\n\n") || !strings.Contains(m.Text(), want) || (rule != data.DiscloseTitles) == strings.Contains(m.Text(), "Alice") {
				t.Errorf("%q: %q", rule, m.Text())
			}
			m.Choose(0)
		}
		m.Choose(2)
		if !strings.HasPrefix(m.Text(), "Dear parent or guardian of Ada Fennimore,\n") || m.Note().Mood != screen.MoodWarn {
			t.Errorf("%q, %+v", m.Text(), m.Note())
		}
	})
	t.Run("what was edited stays", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		m.SetText("Hello")
		if err := b.Store.HoldPatron(t.Context(), 1, data.NewDate(2026, 12, 1), "ill"); err != nil {
			t.Fatal(err)
		}
		m.Refresh(screen.Change{Store: true})
		b.Settle()
		m.Choose(1)
		if m.Text() != "Hello" || m.Chosen() != 1 {
			t.Errorf("%q, %d", m.Text(), m.Chosen())
		}
		m.Choose(0)
		if !strings.Contains(m.Note().Words, "held") {
			t.Error(m.Note())
		}
	})
	t.Run("without loans there is room to write", func(t *testing.T) {
		_, m := newDirect(t, ada())
		if m.Text() != "Dear Ada,\n\n\n\nYour library\nRoom 114" || m.Subject() != "From your school library" {
			t.Errorf("%q, %q", m.Subject(), m.Text())
		}
	})
	t.Run("who has no address is told so, and a guardian's is offered", func(t *testing.T) {
		p := ada()
		p.Email = ""
		_, m := newDirect(t, p, alice())
		if len(m.To()) != 2 || !m.To()[m.Chosen()].Guardian || !strings.Contains(m.Note().Words, "A guardian's is offered") || !way(t, m, screen.DirectProgram).Can {
			t.Errorf("%+v, %+v", m.To(), m.Note())
		}
		p.Guardians = nil
		_, m = newDirect(t, p, alice())
		if len(m.To()) != 0 || !strings.Contains(m.Note().Words, "No e-mail address is known") {
			t.Errorf("%+v, %+v", m.To(), m.Note())
		}
		for _, w := range m.Ways() {
			if w.Can != (w.Key == screen.DirectCopy) {
				t.Errorf("%+v", w)
			}
		}
	})
	t.Run("an address that failed, or whose owner wants no mail, is not the first choice", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		for _, health := range []data.AddressHealth{data.AddressFailed, data.AddressRefused} {
			if err := b.Store.MarkAddress(t.Context(), data.AddressState{Address: "ada+lib@example.org", Health: health, Reason: "No such user.", Since: directDay}); err != nil {
				t.Fatal(err)
			}
			fresh := screen.NewDirect(b.Desk, 1)
			fresh.Refresh(screen.Change{})
			b.Settle()
			if fresh.Chosen() != 1 {
				t.Errorf("%s: %d", health, fresh.Chosen())
			}
			fresh.Choose(0)
			if fresh.Note().Mood != screen.MoodWarn || way(t, fresh, screen.DirectSend).Can != (health == data.AddressFailed) {
				t.Errorf("%s: %+v, %+v", health, fresh.Note(), way(t, fresh, screen.DirectSend))
			}
		}
		if m.Chosen() != 0 {
			t.Error("the choice of a panel that is open has moved")
		}
	})
	t.Run("somebody who is gone is a sentence", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		m := screen.NewDirect(b.Desk, 77)
		m.Refresh(screen.Change{})
		b.Settle()
		if m.Problem() == nil || m.Problem().Code != data.CodeNotFound || m.Loaded() {
			t.Error(m.Problem())
		}
	})
}

func TestDirectWays(t *testing.T) {
	t.Run("the mail program gets address, subject and text", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		if w := way(t, m, screen.DirectProgram); w.Words != "Mail program (Letters)" || !w.Can {
			t.Errorf("%+v", w)
		}
		m.SetSubject("Grüße & mehr")
		m.Do(screen.DirectProgram)
		if !m.Busy() {
			t.Error("it can be pressed twice")
		}
		b.Settle()
		if len(b.Desktop.Opened) != 1 {
			t.Fatal(b.Desktop.Opened)
		}
		u, err := url.Parse(b.Desktop.Opened[0])
		if err != nil || u.Scheme != "mailto" || u.Opaque != "ada%2Blib@example.org" || u.Query().Get("subject") != "Grüße & mehr" ||
			u.Query().Get("body") != strings.ReplaceAll(m.Text(), "\n", "\r\n") {
			t.Errorf("%s, %v", b.Desktop.Opened[0], err)
		}
		if m.Busy() || m.Said().Mood != screen.MoodGood || !strings.Contains(m.Said().Words, "Letters") || len(b.Desktop.Copied) != 0 {
			t.Errorf("%+v, %q", m.Said(), b.Desktop.Copied)
		}
	})
	t.Run("web mail opens in the browser", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		m.Do(screen.DirectGmail)
		b.Settle()
		m.Do(screen.DirectOutlook)
		b.Settle()
		if o := b.Desktop.Opened; len(o) != 2 || !strings.HasPrefix(o[0], "https://mail.google.com/mail/?") || !strings.HasPrefix(o[1], "https://outlook.office.com/mail/deeplink/compose?") {
			t.Error(o)
		}
	})
	t.Run("what is too long to hand over is whole on the clipboard, and said", func(t *testing.T) {
		loans := make([]data.Loan, 40)
		for i := range loans {
			loans[i] = alice()
			loans[i].Barcode = strings.Repeat("1", i+1)
		}
		b, m := newDirect(t, ada(), loans...)
		m.Do(screen.DirectProgram)
		b.Settle()
		if len(b.Desktop.Opened) != 1 || len(b.Desktop.Opened[0]) > 1800 || !strings.Contains(b.Desktop.Opened[0], "...%20and%20") {
			t.Error(b.Desktop.Opened)
		}
		if !slices.Equal(b.Desktop.Copied, []string{m.Text()}) || !strings.Contains(m.Said().Words, "clipboard") || strings.Count(m.Text(), "\n- ") != 40 {
			t.Errorf("%+v, %q", m.Said(), b.Desktop.Copied)
		}
	})
	t.Run("without a mail program that is said before, and nothing is opened", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		b.Desktop.Mailer = ""
		m.Refresh(screen.Change{})
		b.Settle()
		w := way(t, m, screen.DirectProgram)
		m.Do(screen.DirectProgram)
		b.Settle()
		if w.Can || !strings.Contains(w.Why, "No program for e-mail") || len(b.Desktop.Opened) != 0 || !way(t, m, screen.DirectGmail).Can {
			t.Errorf("%+v, %q", w, b.Desktop.Opened)
		}
	})
	t.Run("a desktop that opens nothing is no silent click", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		b.Desktop.Fail = errors.New("no")
		m.Do(screen.DirectProgram)
		b.Settle()
		if m.Said().Mood != screen.MoodBad || m.Busy() {
			t.Errorf("%+v", m.Said())
		}
	})
	t.Run("the text goes to the clipboard as it stands", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		m.SetText("Hello\nAda")
		m.Do(screen.DirectCopy)
		if !slices.Equal(b.Desktop.Copied, []string{"Hello\nAda"}) || m.Said().Mood != screen.MoodGood {
			t.Errorf("%q, %+v", b.Desktop.Copied, m.Said())
		}
	})
}

// queued gives the one mail in the queue, and its header and text as other readers have them.
func queued(t *testing.T, b *screentest.Bench) (data.Entry, *netmail.Message, string) {
	t.Helper()
	all, err := b.Store.List(t.Context(), data.ListQuery{Limit: 10})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d mails, %v", len(all), err)
	}
	head, err := b.Store.Header(t.Context(), all[0].Letter.ID)
	if err != nil {
		t.Fatal(err)
	}
	body, err := b.Store.Body(t.Context(), all[0].Letter)
	if err != nil {
		t.Fatal(err)
	}
	r, err := body.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	whole, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err, string(head))
	}
	text, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
	if err != nil {
		t.Fatal(err)
	}
	return all[0], msg, string(text)
}

func TestDirectSend(t *testing.T) {
	t.Run("it is a mail of its own in the queue, in the patron's story", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		m.SetSubject("Grüße\r\nBcc: x@example.org")
		m.Do(screen.DirectSend)
		b.Settle()
		e, msg, _ := queued(t, b)
		if e.Recipient != "ada+lib@example.org" || e.Letter.Class != data.ClassDirect || e.Letter.Door != data.DoorDirect || e.State != data.Waiting || e.Letter.Practice || m.Sent() != e.Letter.ID {
			t.Errorf("%+v, sent %d", e, m.Sent())
		}
		if msg.Header.Get("Bcc") != "" || msg.Header.Get("Auto-Submitted") != "" || !strings.Contains(msg.Header.Get("Message-Id"), "@school.test>") {
			t.Errorf("%v", msg.Header)
		}
		if m.Said().Mood != screen.MoodGood || !strings.Contains(m.Said().Words, "when the service runs") {
			t.Errorf("%+v", m.Said())
		}
		lines, err := b.Store.Timeline(t.Context(), 1, 10)
		if err != nil || !slices.ContainsFunc(lines, func(l data.TimelineLine) bool { return l.Entry != nil && l.Entry.Letter.ID == e.Letter.ID }) {
			t.Errorf("%+v, %v", lines, err)
		}
	})
	t.Run("in practice it goes to the tester, saying for whom it was", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		b.Save(map[string]string{"practice": "true"}) // the panel has not looked since
		m.Do(screen.DirectSend)
		b.Settle()
		e, msg, text := queued(t, b)
		if e.Recipient != "it@school.test" || !e.Letter.Practice || !e.Letter.NoReturn || !strings.HasPrefix(msg.Header.Get("Subject"), "[Practice] ") ||
			!strings.HasPrefix(text, "PRACTICE") || !strings.Contains(text, "gone to ada+lib@example.org") {
			t.Errorf("%+v\n%s", e, text)
		}
		b.Look()
		if w := way(t, m, screen.DirectSend); !w.Can || !strings.Contains(w.Why, "it@school.test") {
			t.Errorf("%+v", w)
		}
	})
	t.Run("practice with nobody to send to is refused in words", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		b.Save(map[string]string{"practice": "true", "test_to": ""})
		m.Do(screen.DirectSend)
		b.Settle()
		b.Look()
		if all, err := b.Store.List(t.Context(), data.ListQuery{Limit: 10}); err != nil || len(all) != 0 || m.Said().Mood != screen.MoodBad || way(t, m, screen.DirectSend).Can {
			t.Errorf("%d mails, %v, %+v", len(all), err, m.Said())
		}
	})
	t.Run("a patron who was deleted meanwhile gets nothing", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		if err := b.Store.DeletePatron(context.WithoutCancel(t.Context()), 1); err != nil {
			t.Fatal(err)
		}
		m.Do(screen.DirectSend)
		b.Settle()
		if all, err := b.Store.List(t.Context(), data.ListQuery{Limit: 10}); err != nil || len(all) != 0 || m.Said().Mood != screen.MoodBad {
			t.Errorf("%d mails, %v, %+v", len(all), err, m.Said())
		}
	})
	t.Run("before anything is set up it says so", func(t *testing.T) {
		b, m := newDirect(t, ada(), alice())
		b.Save(map[string]string{"from.address": ""})
		b.Look()
		if w := way(t, m, screen.DirectSend); w.Can || !strings.Contains(w.Why, "Settings") {
			t.Errorf("%+v", w)
		}
	})
}
