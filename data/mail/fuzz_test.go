package mail_test

import (
	"bytes"
	"io"
	netmail "net/mail"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

var seeds = []string{
	plain + "\r\nbody\r\n",
	"\xef\xbb\xbf\n\nFrom x\n" + plain + "\nbody\r\r\n.\r",
	"To: \"a b\"@x.org, G: b@x.org (c \\) d);, <@r:c@x.org>\r\nBcc: Jürgen <d@x.org>\r\nX-Receiver: e@x.org\r\nX-Sender: <>\r\n\r\n\xff",
	"From: a@x.org, b@x.org\nFrom: <>\nTo: a@x.org\nSubject: é =?utf-8?q?=0D=0ABcc:?=\n\n",
	"To: é <a@x.org>, ü@x.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + strings.Repeat("x", 1100) + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\n\x00\r\n--b--",
	"To: a@x.org\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat("QUJD", 300),
	"To: a@x.org\r\nX: " + strings.Repeat("w ", 600) + "\r\nSubject: " + strings.Repeat("é", 600) + "\r\n\r\n",
	"To: a@x.org\r\nContent-Type: text/plain; name=\"größe\"\r\n\r\n",
}

func read(t *testing.T, file string) (*mail.Draft, []byte, bool) {
	t.Helper()
	d, err := mail.Receive(strings.NewReader(file), int64(len(file)), rules())
	if err != nil {
		if data.CodeOf(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
		return nil, nil, false
	}
	var body []byte
	if d.Body != nil {
		if body, err = io.ReadAll(d.Body); err != nil {
			t.Fatal(err)
		}
	}
	return d, body, true
}

// FuzzReceive: what is taken is canonical, and stays as it is when it is read again.
func FuzzReceive(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		d, body, ok := read(t, file)
		if !ok {
			return
		}
		sane(t, d.Header, body)
		for _, s := range []string{d.From, d.To, d.Subject, d.OriginalFrom} {
			if strings.ContainsAny(s, "\r\n\x00") {
				t.Fatalf("shown %q", s)
			}
		}
		again, body2, ok := read(t, "X-Receiver: a@b.org\r\n"+string(d.Header)+string(body))
		if !ok || !bytes.Equal(again.Header, d.Header) || !bytes.Equal(body, body2) {
			t.Fatalf("canonical %q and %q, again %v %+v and %q", clip(d.Header), clip(body), ok, again, clip(body2))
		}
		if again.EightBit != d.EightBit {
			t.Fatalf("EightBit %v, again %v", d.EightBit, again.EightBit)
		}
		// The body is the end of the file but for line ends, unless it had to be re-encoded.
		if !strings.Contains(strings.Join(d.Notes, " "), "encoded anew") && !strings.HasSuffix(ends(file), strings.TrimSuffix(string(body), "\r\n")) &&
			!strings.HasSuffix(ends(file), string(body)) {
			t.Fatalf("the body %q is not the end of %q", clip(body), file)
		}
	})
}

func ends(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// FuzzEnvelope: X-Receiver lines alone say who gets it, and every recipient is one the parser took.
func FuzzEnvelope(f *testing.F) {
	for _, s := range []string{"a@x.org, b@x.org", "G: a@x.org;", "\"a, b\" <c@x.org>", "=?utf-8?q?a=40x?= <b@x.org>", "a@x (b@y)", "<a@x> <b@y>"} {
		f.Add(s, s, s, true)
		f.Add(s, "", s, false)
	}
	f.Fuzz(func(t *testing.T, to, cc, bcc string, receiver bool) {
		for _, s := range []string{to, cc, bcc} {
			if strings.ContainsAny(s, "\r\n\x00") || len(s) > 500 {
				return
			}
		}
		file := "To: " + to + "\r\nCc: " + cc + "\r\nBcc: " + bcc + "\r\nX-Sender: " + to + "\r\n"
		if receiver {
			file += "X-Receiver: r@x.org\r\nX-Receiver: s@x.org\r\n"
		}
		d, body, ok := read(t, file+"\r\n")
		if !ok {
			return
		}
		sane(t, d.Header, body)
		if got := strings.Join(d.Recipients, " "); receiver && got != "r@x.org s@x.org" {
			t.Fatalf("recipients %q", got)
		}
		seen := map[string]bool{}
		for _, r := range d.Recipients {
			a, err := data.ParseAddress(r)
			if err != nil || a.String() != r || seen[a.Key()] || strings.ContainsAny(r, "\r\n<>") {
				t.Fatalf("recipient %q, %v", r, err)
			}
			seen[a.Key()] = true
		}
		for _, s := range []string{to, cc, bcc} {
			// Another reader finds nobody we left out. It takes quotes and comments off addresses, so those are not compared.
			found, err := netmail.ParseAddressList(s)
			if err != nil || receiver || strings.ContainsAny(s, "\"(") {
				continue
			}
			for _, one := range found {
				if a, err := data.ParseAddress(one.Address); err == nil && !seen[a.Key()] {
					t.Fatalf("%q is not among %q", a, d.Recipients)
				}
			}
		}
	})
}

// FuzzRestamp: one From and it is ours, no new line breaks, twice is once.
func FuzzRestamp(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "Bücherei \"x\"\r\nBcc: e@x.org")
	}
	f.Fuzz(func(t *testing.T, file, name string) {
		d, _, ok := read(t, file)
		if !ok {
			return
		}
		from := data.From{Address: "new@school.org", Name: name, ReplyTo: "desk@school.org"}
		once, err := mail.Restamp(d.Header, from)
		if err != nil {
			t.Fatal(err)
		}
		sane(t, once, nil)
		if n := bytes.Count(bytes.ToLower(append([]byte("\r\n"), once...)), []byte("\r\nfrom:")); n != 1 || !bytes.Contains(once, []byte("new@school.org")) {
			t.Fatalf("%d From in %q", n, clip(once))
		}
		twice, err := mail.Restamp(once, from)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("once %q, twice %q, %v", clip(once), clip(twice), err)
		}
	})
}

// FuzzSevenBit: what comes out is 7-bit and canonical, whatever the MIME.
func FuzzSevenBit(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		d, body, ok := read(t, file)
		if !ok {
			return
		}
		_, _, err := seven(t, string(d.Header), string(body))
		if err != nil && data.CodeOf(err) == "" {
			t.Fatal(err)
		}
	})
}
