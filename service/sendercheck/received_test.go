package sendercheck_test

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"smtpgateway/data"
	"smtpgateway/service/sendercheck"
)

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "received", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func received(text string) data.Evidence { return sendercheck.Received(strings.NewReader(text)) }

func TestReceived(t *testing.T) {
	results := func(e data.Evidence) string {
		var all []string
		for _, v := range e.Results {
			all = append(all, v.Result)
		}
		return strings.Join(all, " ")
	}
	t.Run("Gmail's verdict is read past comments, folds and what stands in the text", func(t *testing.T) {
		e := received(read(t, "gmail.eml"))
		if e.Finding != data.FindingGood || e.By != "mx.google.com" || e.From != "library@google.test" || results(e) != "pass pass pass" ||
			!strings.HasPrefix(e.Sentence, "SPF pass, DKIM pass, DMARC pass - good") || len(e.Raw) != 1 {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("Microsoft does not say who it is, and a signature of its own is not the school's", func(t *testing.T) {
		e := received(read(t, "outlook.eml"))
		if e.Finding != data.FindingLook || results(e) != "pass pass bestguesspass" || e.Results[1].Finding != data.FindingLook || !strings.Contains(e.Results[1].Sentence, "tenant.onmicrosoft.com") || e.Next == "" {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("the topmost server is believed, in all of its fields, and nobody below it", func(t *testing.T) {
		e := received(read(t, "fastmail.eml"))
		if e.Finding != data.FindingBad || e.By != "mx6.messagingengine.com" || results(e) != "softfail none fail" || len(e.Raw) != 2 || !strings.Contains(e.Next, "SPF record") {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a field of the sending side, which only tells who signed in, is passed over", func(t *testing.T) {
		e := received("Authentication-Results: relay.school.test; auth=pass smtp.auth=library\n" + read(t, "gmail.eml"))
		if e.By != "mx.google.com" || e.Finding != data.FindingGood {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("the newest sealed result counts where there is no other", func(t *testing.T) {
		e := received("ARC-Authentication-Results: i=1; a.test; spf=fail\nARC-Authentication-Results: i=2; b.test; spf=pass smtp.mailfrom=x@school.test\nFrom: x@school.test\n\n")
		if e.By != "b.test" || e.Source != "ARC-Authentication-Results" || results(e) != "pass  " || e.Finding != data.FindingLook {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("Received-SPF counts where there is nothing else, and what it does not tell is said", func(t *testing.T) {
		e := received("Received-SPF: Fail (mx: domain of x (and y); no) client-ip=192.0.2.1; envelope-from=\"x@school.test\"; receiver=mx.outside.test\nFrom: x@school.test\n\n")
		if e.By != "mx.outside.test" || results(e) != "fail  " || e.Finding != data.FindingBad || e.Results[0].Domain != "school.test" {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a verdict of the school's own server is told as that", func(t *testing.T) {
		e := received("Authentication-Results: mail.school.test; spf=pass smtp.mailfrom=x@school.test; dkim=pass header.d=school.test; dmarc=pass header.from=school.test\nFrom: x@school.test\n\n")
		if e.Finding != data.FindingGood || !strings.Contains(e.Next, "outside the school") {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a reason in quotes is told, whatever stands in it", func(t *testing.T) {
		e := received("Authentication-Results: b.test; dkim=fail reason=\"key; not found\" header.d=school.test\nFrom: x@school.test\n\n")
		if !strings.Contains(e.Results[1].Sentence, "key, not found") {
			t.Fatalf("%+v", e)
		}
	})
	for promise, c := range map[string]struct{ text, words string }{
		"a copy of what was sent":    {"From: library@school.test\nTo: a@b.test\nSubject: x\n\nHello", "not received yet"},
		"a server that says nothing": {"Received: from a by b; Sun, 22 Nov 2026 08:00:00 +0000\nFrom: library@school.test\n\nHello", "wrote nothing"},
		"only the text":              {"Dear reader\nyour book is due\n", "only text"},
		"nothing":                    {"", "only text"},
		"a .msg file of Outlook":     {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".msg"},
		"nonsense as result":         {"Authentication-Results: x; ; ;;= ;spf\nReceived: x\n\n", "wrote nothing"},
	} {
		t.Run(promise+" proves nothing, and it is said why and what to do", func(t *testing.T) {
			e := received(c.text)
			if e.Finding != data.FindingUnknown || !strings.Contains(e.Sentence, c.words) || e.Next == "" {
				t.Fatalf("%+v", e)
			}
		})
	}
	t.Run("what pasting does is forgiven", func(t *testing.T) {
		mail := read(t, "gmail.eml")
		units := utf16.Encode([]rune("\ufeff" + mail))
		wide := make([]byte, 0, 2*len(units))
		for _, u := range units {
			wide = binary.LittleEndian.AppendUint16(wide, u)
		}
		for name, text := range map[string]string{
			"empty lines in front": "\n\n" + mail, "CRLF": strings.ReplaceAll(mail, "\n", "\r\n"), "CR": strings.ReplaceAll(mail, "\n", "\r"),
			"a byte order mark": "\ufeff" + mail, "UTF-16": string(wide), "a From line": "From x Sun Nov 22\n" + mail,
			"folds that lost their blanks": strings.ReplaceAll(mail, "\n       ", "\n"),
		} {
			if e := received(text); e.Finding != data.FindingGood {
				t.Errorf("%s: %+v", name, e)
			}
		}
	})
	t.Run("no more than the beginning of an endless mail is read", func(t *testing.T) {
		r := &endless{}
		e := sendercheck.Received(r)
		if r.n > 2*sendercheck.MaxReceived || e.Finding != data.FindingUnknown {
			t.Fatal(r.n, e)
		}
	})
	t.Run("a mail that cannot be read is told", func(t *testing.T) {
		if e := sendercheck.Received(broken{}); e.Sentence != "The message cannot be read." {
			t.Fatal(e)
		}
	})
}

type endless struct{ n int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = "X: y\n"[(e.n+i)%5]
	}
	e.n += len(b)
	return len(b), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func FuzzReceived(f *testing.F) {
	for _, name := range []string{"gmail.eml", "outlook.eml", "fastmail.eml"} {
		f.Add([]byte(read(f, name)))
	}
	f.Add([]byte("Authentication-Results: x; spf=pass (((\"\\; ; dkim = ;\n"))
	f.Add([]byte("\xFF\xFEA\x00:"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e := sendercheck.Received(strings.NewReader(string(b)))
		if e.Sentence == "" || e.Finding == "" {
			t.Fatalf("%+v", e)
		}
		if e.Finding == data.FindingGood && (len(e.Results) != 3 || e.Results[0].Result != "pass" || e.Results[1].Result != "pass" || e.Results[2].Result != "pass") {
			t.Fatalf("good without three passes: %+v", e)
		}
		said := append([]string{e.By, e.Source, e.From, e.Sentence, e.Next}, e.Raw...)
		for _, v := range e.Results {
			said = append(said, v.Result, v.Domain, v.Sentence, v.Next)
		}
		for _, s := range said {
			if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) || len(s) > 12000 {
				t.Fatalf("not clean: %q", s)
			}
		}
	})
}
