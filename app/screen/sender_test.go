package screen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func senderOf(t *testing.T) (*screentest.Bench, *screen.Sender) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Look()
	b.Sender.Finds(data.SenderReport{
		At: b.Now(), Domain: "school.test", Finding: data.FindingLook, Sentence: "Look at one thing.", Next: "Ask IT.",
		Findings: []data.SenderFinding{{Part: data.SenderSPF, Finding: data.FindingGood, Sentence: "Good.", Raw: []string{"school.test TXT v=spf1"}}, {Part: data.SenderDKIM, Finding: data.FindingUnknown, Sentence: "Not known."}},
		Publish:  []data.DNSRecord{{Name: "_dmarc.school.test", Type: "TXT", Value: "v=DMARC1; p=none", Why: "Because.", Replaces: []string{"v=DMARC1"}}},
	}, nil)
	return b, screen.NewSender(b.Desk)
}

func TestSender(t *testing.T) {
	t.Run("it asks about the stored sender, with what IT added, and tells what was found in words", func(t *testing.T) {
		b, s := senderOf(t)
		s.SetPublicIP(" 203.0.113.9 ")
		s.SetKeys("k1, k2")
		s.Check()
		if !s.Running() || s.Note().Mood != screen.MoodBusy {
			t.Fatalf("%+v", s.Note())
		}
		b.Settle()
		q := b.Sender.Asked()
		if len(q) != 1 || q[0].From != "library@school.test" || q[0].PublicIP != "203.0.113.9" || strings.Join(q[0].Selectors, " ") != "k1 k2" || len(q[0].Servers) != 1 {
			t.Fatalf("%+v", q)
		}
		if whole, next := s.Whole(); whole.Mood != screen.MoodWarn || next != "Ask IT." || s.Running() {
			t.Fatalf("%+v", whole)
		}
		rows := s.Findings()
		if len(rows) != 2 || rows[0].State != "good" || rows[0].Title != "Allowed to send (SPF)" || rows[1].State != "not known" || rows[1].Mood != screen.MoodOff {
			t.Fatalf("%+v", rows)
		}
		s.CopyPublish()
		if got := b.Desktop.Copied[0]; !strings.Contains(got, "_dmarc.school.test TXT v=DMARC1; p=none\n") || !strings.Contains(got, "in place of: v=DMARC1") {
			t.Fatal(got)
		}
	})
	t.Run("what is no internet address is said, and nobody is asked", func(t *testing.T) {
		b, s := senderOf(t)
		s.SetPublicIP("the relay")
		s.Check()
		b.Settle()
		if !strings.Contains(s.Note().Words, "no internet address") || len(b.Sender.Asked()) != 0 {
			t.Fatalf("%+v", s.Note())
		}
	})
	t.Run("without a From address it says what to do first", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		s := screen.NewSender(b.Desk)
		s.Check()
		b.Settle()
		if !strings.Contains(s.Note().Words, "no From address") || len(b.Sender.Asked()) != 0 {
			t.Fatalf("%+v", s.Note())
		}
	})
	t.Run("a check of an earlier sender is said to be one", func(t *testing.T) {
		b, s := senderOf(t)
		s.Check()
		b.Settle()
		if s.Changed() {
			t.Fatal("nothing was changed")
		}
		b.Save(map[string]string{"server1.host": "mail.elsewhere.test"})
		b.Look()
		if !s.Changed() || !strings.Contains(s.Note().Words, "Check again") {
			t.Fatalf("%+v", s.Note())
		}
	})
	t.Run("the answer to a check that was stopped is dropped", func(t *testing.T) {
		b, s := senderOf(t)
		s.Check()
		s.Stop()
		b.Settle()
		if s.Report() != nil || s.Note().Words != "The check was stopped." {
			t.Fatalf("%+v", s.Note())
		}
	})
	t.Run("a check that was kept for another data folder, or damaged, is none", func(t *testing.T) {
		b, s := senderOf(t)
		kept := filepath.Join(filepath.Dir(b.PreferencesFile()), "sender-check.json")
		for _, text := range []string{"{", `{"data":"/elsewhere","report":{"at":"2026-11-22T07:00:00Z","from":"x@y.test"}}`, ""} {
			if err := os.WriteFile(kept, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s = screen.NewSender(b.Desk)
			s.Load()
			b.Settle()
			if s.Report() != nil {
				t.Errorf("%q is taken for a check", text)
			}
		}
		s.Check()
		b.Settle()
		if text, err := os.ReadFile(kept); err != nil || !strings.Contains(string(text), "Look at one thing.") {
			t.Errorf("%v %s", err, text)
		}
	})
	t.Run("a received mail is read from what was pasted, and from a file", func(t *testing.T) {
		b, s := senderOf(t)
		b.Sender.Reads(data.Evidence{By: "mx.test", Source: "Authentication-Results", From: "other@school.test", Finding: data.FindingBad, Sentence: "Not trusted.", Results: []data.SenderVerdict{{Part: data.SenderSPF, Result: "fail", Finding: data.FindingBad, Sentence: "SPF failed."}}})
		s.ReadText("From: a\n\nb")
		b.Settle()
		whole, _, by, rows, _, ok := s.Evidence()
		if !ok || whole.Mood != screen.MoodBad || !strings.HasPrefix(by, "mx.test received it") || len(rows) != 1 || rows[0].State != "not good" || !strings.Contains(s.OtherSender(), "other@school.test") {
			t.Fatalf("%+v %q %+v %q", whole, by, rows, s.OtherSender())
		}
		path := filepath.Join(t.TempDir(), "mail.eml")
		if err := os.WriteFile(path, []byte("From: c\n\nd"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.ReadFile(path)
		b.Settle()
		if got := b.Sender.Mails(); len(got) != 2 || got[1] != "From: c\n\nd" {
			t.Fatalf("%q", got)
		}
		for _, wrong := range []string{"", "mail.eml", filepath.Dir(path), path + ".gone"} {
			s.ReadFile(wrong)
			b.Settle()
			if _, _, _, _, _, ok := s.Evidence(); ok || s.Reading().Words == "" {
				t.Errorf("%q is read", wrong)
			}
		}
	})
}

func TestITSheet(t *testing.T) {
	t.Run("it is filled in from settings, last test and sender check, and holds no password", func(t *testing.T) {
		b, s := senderOf(t)
		form := screen.NewSettings(b.Desk)
		form.Set("server1.user", "library@school.test")
		form.Set("server1.password", "hunter2")
		form.Save(nil)
		b.Settle()
		if err := b.Store.SetLastTest(t.Context(), time.Now(), false, "Nothing answers at mail.school.test."); err != nil {
			t.Fatal(err)
		}
		s.Check()
		b.Settle()
		sheet := screen.NewITSheet(b.Desk)
		sheet.Load("203.0.113.9")
		b.Settle()
		for _, want := range []string{"library@school.test", "203.0.113.9", "_dmarc.school.test", "Nothing answers"} {
			if !strings.Contains(sheet.Text(), want) {
				t.Errorf("%q is missing:\n%s", want, sheet.Text())
			}
		}
		if strings.Contains(sheet.Text(), "hunter2") || sheet.Note() != "" || !sheet.Can() {
			t.Error(sheet.Note())
		}
	})
	t.Run("a file is written whole, with its ending, and never over another unasked", func(t *testing.T) {
		b, _ := senderOf(t)
		sheet := screen.NewITSheet(b.Desk)
		sheet.Save(filepath.Join(t.TempDir(), "early.pdf"), false, nil)
		sheet.Load("")
		b.Settle()
		if sheet.Note() == "" {
			t.Error("nothing is said of the sender check that is missing")
		}
		path, asked := filepath.Join(t.TempDir(), "request"), 0
		for _, size := range []bool{false, true} {
			sheet.SetLetter(size)
			sheet.Save(path, size, func() { asked++ })
			b.Settle()
			if sheet.Written() != path+".pdf" {
				t.Fatal(sheet.Said())
			}
		}
		sheet.Save(path, false, func() { asked++ })
		b.Settle()
		if asked != 1 || sheet.Written() != "" {
			t.Fatalf("asked %d times", asked)
		}
		sheet.Save("request.pdf", false, nil)
		if _, failed := sheet.Said(); !failed {
			t.Error("a path that begins nowhere is taken")
		}
	})
}
