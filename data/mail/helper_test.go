package mail_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func rules() mail.Rules {
	return mail.Rules{MaxBytes: 35 << 20, From: data.From{Address: "library@school.org", Name: "School Library"}, Now: noon, Host: "pc.school.org"}
}

// taken is a message that was received, with its body read.
type taken struct {
	*mail.Draft
	head, body string
}

func receive(t *testing.T, file string, r mail.Rules) (taken, error) {
	t.Helper()
	d, err := mail.Receive(strings.NewReader(file), int64(len(file)), r)
	if err != nil {
		return taken{}, err
	}
	got := taken{Draft: d, head: string(d.Header)}
	if d.Body != nil {
		b, err := io.ReadAll(d.Body)
		if err != nil {
			t.Fatalf("body: %v", err)
		}
		got.body = string(b)
	}
	sane(t, []byte(got.head), []byte(got.body))
	return got, nil
}

func take(t *testing.T, file string) taken {
	t.Helper()
	got, err := receive(t, file, rules())
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	return got
}

func refused(t *testing.T, file string, code data.Code, words string) {
	t.Helper()
	_, err := receive(t, file, rules())
	var e *data.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if e.Code != code || !strings.Contains(e.Sentence, words) {
		t.Fatalf("refused with %s %q, want %s and %q", e.Code, e.Sentence, code, words)
	}
}

// sane checks what holds for every message that leaves: CRLF only, no line over 998 octets, one blank line after the
// header, none of our own envelope fields.
func sane(t *testing.T, head, body []byte) {
	t.Helper()
	all := append(bytes.Clone(head), body...)
	if rest := bytes.ReplaceAll(all, []byte("\r\n"), nil); bytes.ContainsAny(rest, "\r\n") {
		t.Fatalf("a lone CR or LF in %q", clip(all))
	}
	if !bytes.HasSuffix(head, []byte("\r\n\r\n")) || bytes.Count(head, []byte("\r\n\r\n")) != 1 || len(body) > 0 && !bytes.HasSuffix(body, []byte("\r\n")) {
		t.Fatalf("header or body end wrongly: %q", clip(all))
	}
	if bytes.IndexByte(all, 0) >= 0 {
		t.Fatal("a NUL is left")
	}
	for line := range bytes.SplitSeq(all, []byte("\r\n")) {
		if len(line) > 998 {
			t.Fatalf("a line of %d octets: %q", len(line), clip(line))
		}
	}
	for _, name := range []string{"X-Sender:", "X-Receiver:", "Bcc:", "Resent-Bcc:"} {
		if bytes.Contains(bytes.ToLower(append([]byte("\r\n"), head...)), []byte("\r\n"+strings.ToLower(name))) {
			t.Fatalf("%s is left in %q", name, clip(head))
		}
	}
}

func clip(b []byte) []byte { return b[:min(len(b), 2000)] }

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, want %q", what, got, want)
	}
}

func has(t *testing.T, in string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(in, p) {
			t.Errorf("%q is not in %q", p, in[:min(len(in), 3000)])
		}
	}
}

func hasNot(t *testing.T, in string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(in, p) {
			t.Errorf("%q is in %q", p, in[:min(len(in), 3000)])
		}
	}
}

func list(d taken) string { return strings.Join(d.Recipients, " ") }
