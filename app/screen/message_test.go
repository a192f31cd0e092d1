package screen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
)

type messageBench struct {
	*queueBench
	m *screen.Message
}

// opened is a failed message that came through a file, to two recipients, opened at the first.
func opened(t *testing.T) *messageBench {
	t.Helper()
	b := newQueueBench(t)
	if err := os.MkdirAll(b.Place().Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.Place().Folder, "a.BAD"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	id, err := b.Store.Accept(t.Context(), &data.NewMessage{
		Message:    data.Message{Class: data.ClassDropped, Door: data.DoorFolder, MessageID: "<1@school.test>", Sender: "library@school.test", Subject: "Overdue", File: "a.tmp"},
		Recipients: []string{"ann@school.test", "bob@school.test"},
		Header:     []byte("From: =?utf-8?q?B=C3=BCcherei?= <library@school.test>\r\nSubject: Overdue\r\n\r\n"), Body: strings.NewReader("Please bring it back, the code is rose.\r\n"),
		Origin: &data.Origin{Key: "k", Name: "a.tmp"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.end(t, id, data.Failed, data.KindPermanent)
	if err := b.Store.SaveOrigin(t.Context(), data.Origin{Key: "k", Name: "a.BAD", Message: id}); err != nil {
		t.Fatal(err)
	}
	m := &messageBench{queueBench: b, m: screen.NewMessage(b.Desk, 1)}
	m.m.OnNotice = func(text string, undo func()) { b.notices, b.undo = append(b.notices, text), undo }
	m.read()
	return m
}

func (b *messageBench) read() {
	b.Look()
	b.m.Refresh(screen.Change{Store: true})
	b.Settle()
}

func (b *messageBench) line(label string) string {
	for _, l := range b.m.Lines() {
		if l.Label == label {
			return l.Text
		}
	}
	return ""
}

func TestMessage(t *testing.T) {
	t.Run("it says what became of it, why, and what to do", func(t *testing.T) {
		b := opened(t)
		r := b.m.Row()
		if r.State != "could not be sent" || b.line("Why") != "There is no such mailbox." || b.line("What to do") != "Correct the address." || b.line("Came from") != "a.tmp" || b.line("Sender") != "library@school.test" {
			t.Fatalf("%+v %+v", r, b.m.Lines())
		}
		if all, more := b.m.Recipients(); len(all) != 2 || more != 0 || all[1].To != "bob@school.test" || all[1].Mark != screen.MarkBad {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("every try is told with server, reply and time", func(t *testing.T) {
		b := opened(t)
		tries := b.m.Tries()
		if len(tries) != 1 || tries[0].Server != "server 1, mail.school.test:587" || tries[0].What != "There is no such mailbox." ||
			!strings.HasPrefix(tries[0].Reply, "550 5.1.1 <ann@school.test>") || tries[0].Took == "" || !strings.HasPrefix(tries[0].When, "today at ") {
			t.Fatalf("%+v", tries)
		}
	})
	t.Run("its header and text are read", func(t *testing.T) {
		b := opened(t)
		text, note := b.m.Text()
		if !strings.HasPrefix(text, "Please bring it back") || note != "" || len(b.m.Header()) != 2 || b.m.Header()[0].Text != "Bücherei <library@school.test>" {
			t.Fatal(text, note, b.m.Header())
		}
	})
	t.Run("the copy for IT has the replies and nothing of the text, no other address", func(t *testing.T) {
		b := opened(t)
		b.m.CopyForIT()
		got := b.Desktop.Copied[0]
		for _, want := range []string{"ann@school.test", "550 5.1.1", "mail.school.test:587", "(another address)", "<1@school.test>"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is missing in\n%s", want, got)
			}
		}
		for _, bad := range []string{"bob@", "boss@", "library@", "rose", "bring it back", "Overdue"} {
			if strings.Contains(got, bad) {
				t.Errorf("%q is in\n%s", bad, got)
			}
		}
	})
	t.Run("the folder opens while its file lies there", func(t *testing.T) {
		b := opened(t)
		if !b.m.CanOpenFolder() {
			t.Fatal("no folder")
		}
		b.m.OpenFolder()
		b.Settle()
		if len(b.Desktop.Opened) != 1 || b.Desktop.Opened[0] != b.Place().Folder {
			t.Fatal(b.Desktop.Opened)
		}
		if err := os.Remove(filepath.Join(b.Place().Folder, "a.BAD")); err != nil {
			t.Fatal(err)
		}
		if err := b.Store.OriginGone(t.Context(), "k", b.Now()); err != nil {
			t.Fatal(err)
		}
		b.read()
		if b.m.CanOpenFolder() {
			t.Fatal("a folder is offered for a file that is gone")
		}
	})
	t.Run("it can be sent again from here, and shows it", func(t *testing.T) {
		b := opened(t)
		b.m.Plan(screen.ActAgain, func(p screen.Plan) {
			if p.Ask || p.Count != 1 {
				t.Errorf("%+v", p)
			}
			b.m.Do(p)
		})
		b.Settle()
		b.read()
		if b.m.Row().State != "waiting to be sent" || b.state(t, 1) != data.Waiting || b.state(t, 2) != data.Failed {
			t.Fatal(b.m.Row())
		}
	})
	t.Run("a text no longer kept, and a message no longer known, are sentences", func(t *testing.T) {
		b := opened(t)
		m := screen.NewMessage(b.Desk, 99)
		m.Refresh(screen.Change{Store: true})
		b.Settle()
		if m.Problem() == nil || m.Problem().Sentence == "" || m.Loaded() {
			t.Fatal(m.Problem())
		}
		for _, o := range m.Actions() {
			if o.Possible {
				t.Error(o)
			}
		}
	})
	t.Run("a message that never ends is shown cut", func(t *testing.T) {
		b := &messageBench{queueBench: newQueueBench(t)}
		if _, err := b.Store.Accept(t.Context(), &data.NewMessage{
			Message:    data.Message{Class: data.ClassDropped, Door: data.DoorFolder, MessageID: "<1@school.test>", Subject: "Long"},
			Recipients: []string{"ann@school.test"}, Header: []byte("Subject: Long\r\n\r\n"), Body: strings.NewReader(strings.Repeat("Wörter ", 200_000)),
		}); err != nil {
			t.Fatal(err)
		}
		b.m = screen.NewMessage(b.Desk, 1)
		b.read()
		if text, note := b.m.Text(); len(text) > 12_000 || len(text) < 10_000 || note != "Only the beginning of the text is shown." {
			t.Fatal(len(text), note)
		}
	})
}
