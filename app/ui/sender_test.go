package ui

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/sendercheck/dnstest"
)

// realSender reads a zone as the program reads DNS.
type realSender struct{ *sendercheck.Checker }

func (realSender) Received(mail io.Reader) data.Evidence { return sendercheck.Received(mail) }

// senderShown opens the sender check of a school on Google whose domain lacks what a school's often lacks.
func senderShown(t *testing.T, change map[string]string, zone dnstest.Zone) (*screentest.Bench, *Window, *senderPage) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	values := map[string]string{"server1.host": "smtp.gmail.com", "server1.port": "465", "server1.security": "tls", "server1.user": "library@google.test", "from.address": "library@google.test"}
	maps.Copy(values, change)
	b.Save(values)
	b.Sender.Use(realSender{sendercheck.New(sendercheck.Options{Resolver: dnstest.Start(t, zone).Resolver()})})
	w := open(t, b)
	b.Look()
	w.show("sender")
	b.Settle()
	p, ok := w.pages["sender"].(*senderPage)
	if !ok {
		t.Fatal("no such page")
	}
	arrange(w)
	return b, w, p
}

func TestSenderPage(t *testing.T) {
	received := func(t *testing.T, name string) string {
		t.Helper()
		path, err := filepath.Abs(filepath.Join("../../service/sendercheck/testdata/received", name))
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Run("before the first check it says what it is for", func(t *testing.T) {
		_, w, _ := senderShown(t, nil, dnstest.Google())
		if said := words(w); !strings.Contains(said, "lands in junk") || strings.Contains(said, "What was found") || strings.Contains(said, "Records to publish") {
			t.Fatal(said)
		}
		looks(t, w, "sender-empty", nil)
	})
	t.Run("what is as it should be is said to be good, in words beside each sign", func(t *testing.T) {
		b, w, _ := senderShown(t, nil, dnstest.Google().And(dnstest.Providers()))
		press(t, w, "Check the sender")
		b.Settle()
		said := words(w)
		for _, want := range []string{"Checked today at ", "library@google.test", "What was found", "Allowed to send (SPF)", "Signed (DKIM)", "good", "Check again"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is missing: %s", want, said)
			}
		}
		looks(t, w, "sender-good", nil)
		tabOrder(t, w, "sender")
		rings(t, w, "sender")
	})
	t.Run("what is missing comes with the exact records, each a press away from the clipboard", func(t *testing.T) {
		b, w, p := senderShown(t, map[string]string{"from.address": "library@bare.test", "server1.user": "library@bare.test"}, dnstest.Bare().And(dnstest.Providers()))
		press(t, w, "Check the sender")
		b.Settle()
		said := words(w)
		if !strings.Contains(said, "Records to publish") || !strings.Contains(said, "v=spf1") || !strings.Contains(said, "_dmarc.bare.test") {
			t.Fatal(said)
		}
		looks(t, w, "sender-bare", nil)
		looks(t, w, "sender-publish", p.publish)
		press(t, w, "Copy all of it")
		if got := b.Desktop.Copied; len(got) != 1 || !strings.Contains(got[0], "v=spf1") || !strings.Contains(got[0], "_dmarc.bare.test TXT") {
			t.Fatalf("copied %v", got)
		}
		var copies []*button
		for _, one := range find[*button](p.publish) {
			if one.text == "Copy" {
				copies = append(copies, one)
			}
		}
		if len(copies) < 3 {
			t.Fatal(len(copies))
		}
		copies[1].press()
		if got := b.Desktop.Copied; len(got) != 2 || !strings.HasPrefix(got[1], "v=") {
			t.Fatalf("copied %v", got)
		}
		for _, one := range find[*button](p.found) {
			if one.text == "Show the records" {
				one.press()
				break
			}
		}
		looks(t, w, "sender-records", p.found)
	})
	t.Run("From outside of the account's domain is warned about", func(t *testing.T) {
		b, w, _ := senderShown(t, map[string]string{"server1.user": "library@microsoft.test"}, dnstest.Google().And(dnstest.Providers()))
		press(t, w, "Check the sender")
		b.Settle()
		if !strings.Contains(words(w), "the account that signs in is of microsoft.test") {
			t.Fatal(words(w))
		}
	})
	t.Run("a check under way can be stopped", func(t *testing.T) {
		b, w, _ := senderShown(t, nil, dnstest.Zone{})
		b.Sender.Use(nil)
		wait := make(chan struct{})
		defer close(wait)
		b.Sender.Finds(data.SenderReport{}, wait)
		press(t, w, "Check the sender")
		for len(b.Sender.Asked()) == 0 && t.Context().Err() == nil {
			drain(b)
		}
		shot(t, w, "sender-running")
		press(t, w, "Stop")
		b.Settle()
		if said := words(w); !strings.Contains(said, "The check was stopped.") || strings.Contains(said, "What was found") {
			t.Fatal(said)
		}
	})
	t.Run("a pasted mail is read in words", func(t *testing.T) {
		b, w, p := senderShown(t, nil, dnstest.Zone{})
		press(t, w, "Read it")
		b.Settle()
		if !strings.Contains(words(w), "Paste the whole original") {
			t.Fatal(words(w))
		}
		text, err := os.ReadFile(received(t, "gmail.eml"))
		if err != nil {
			t.Fatal(err)
		}
		p.mail.paste.SetText(string(text))
		press(t, w, "Read it")
		b.Settle()
		if said := words(w); !strings.Contains(said, "mx.google.com received it and says so") || !strings.Contains(said, "Signed (DKIM)") {
			t.Fatal(said)
		}
		looks(t, w, "sender-received", p.mail.object)
		p.mail.paste.SetText("From: x@y.test\n\nHello")
		press(t, w, "Read it")
		b.Settle()
		if said := words(w); strings.Contains(said, "mx.google.com received it") {
			t.Fatal(said)
		}
	})
	t.Run("a saved mail of somebody else is read, and it is said that it is", func(t *testing.T) {
		b, w, p := senderShown(t, map[string]string{"from.address": "library@other.test"}, dnstest.Zone{})
		p.s.ReadFile(received(t, "outlook.eml"))
		b.Settle()
		if said := words(w); !strings.Contains(said, "not from the library's address library@other.test") {
			t.Fatal(said)
		}
		press(t, w, "Open a saved mail...")
		b.Settle()
		if len(w.layers) != 1 {
			t.Fatal("nothing to choose from")
		}
		w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	})
	t.Run("the next window still knows the last check", func(t *testing.T) {
		b, w, _ := senderShown(t, nil, dnstest.Google().And(dnstest.Providers()))
		press(t, w, "Check the sender")
		b.Settle()
		again := screen.NewDesk(screen.Options{
			Place: b.Place(), Service: b.Service, Desktop: b.Desktop, Preferences: b.PreferencesFile(),
			Post: func(f func()) { f() },
		})
		s := screen.NewSender(again)
		read := make(chan struct{})
		s.OnChange = func() { close(read) }
		s.Load()
		<-read
		if r := s.Report(); r == nil || r.From != "library@google.test" || len(s.Findings()) == 0 {
			t.Fatalf("%+v", r)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSheetPanel(t *testing.T) {
	t.Run("it shows what is handed over, copies it and saves it", func(t *testing.T) {
		b, w, _ := senderShown(t, map[string]string{"library.name": "Hill School Library"}, dnstest.Google().And(dnstest.Providers()))
		press(t, w, "Check the sender")
		b.Settle()
		press(t, w, "Request for IT...")
		b.Settle()
		said := words(w)
		for _, want := range []string{"REQUEST TO OUR IT DEPARTMENT", "HILL SCHOOL LIBRARY", "smtp.gmail.com", "SPF"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is missing: %s", want, said)
			}
		}
		looks(t, w, "sheet", nil)
		tabOrder(t, w, "sheet")
		rings(t, w, "sheet")
		press(t, w, "Copy")
		if got := b.Desktop.Copied; len(got) != 1 || !strings.Contains(got[0], "REQUEST TO OUR IT DEPARTMENT") {
			t.Fatalf("copied %v", got)
		}
		path := filepath.Join(t.TempDir(), "request.pdf")
		typeIn(t, w, "File", path)
		press(t, w, "Save as PDF")
		b.Settle()
		if made, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(made), "%PDF") || !strings.Contains(words(w), path) {
			t.Fatalf("%v %s", err, words(w))
		}
		shot(t, w, "sheet-saved")
		press(t, w, "Show the folder")
		b.Settle()
		if got := b.Desktop.Opened; len(got) != 1 || got[0] != filepath.Dir(path) {
			t.Fatalf("opened %v", got)
		}
		press(t, w, "Save as PDF")
		b.Settle()
		if !strings.Contains(words(w), "Replace the file?") {
			t.Fatal(words(w))
		}
		press(t, w, "Go back")
	})
	t.Run("from the settings it says that no sender check was made, and leads there", func(t *testing.T) {
		b, w, _ := settingsShown(t)
		press(t, w, "Write a request for IT")
		b.Settle()
		if !strings.Contains(words(w), "No sender check was made yet.") {
			t.Fatal(words(w))
		}
		looks(t, w, "sheet-unchecked", nil)
		press(t, w, "Show the sender check")
		if w.current != "sender" || len(w.layers) != 0 {
			t.Fatal(w.current)
		}
	})
	t.Run("a file that cannot be written is a sentence", func(t *testing.T) {
		b, w, _ := settingsShown(t)
		press(t, w, "Write a request for IT")
		b.Settle()
		typeIn(t, w, "File", filepath.Join(t.TempDir(), "no", "such", "x.pdf"))
		press(t, w, "Save as PDF")
		b.Settle()
		if !strings.Contains(words(w), "There is no folder") {
			t.Fatal(words(w))
		}
	})
}
