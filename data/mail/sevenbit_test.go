package mail_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

func seven(t *testing.T, block, body string) (string, string, error) {
	t.Helper()
	h, r, err := mail.SevenBit([]byte(block), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil })
	if err != nil {
		return "", "", err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	sane(t, h, b)
	for _, c := range append(h, b...) {
		if c > 127 {
			t.Fatalf("8-bit is left in %q", clip(b))
		}
	}
	return string(h), string(b), nil
}

func TestSevenBit(t *testing.T) {
	t.Run("8-bit text becomes quoted-printable", func(t *testing.T) {
		h, b, err := seven(t, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nDKIM-Signature: h=to; b=x\r\n\r\n", "Grüße\r\nplain=\r\n")
		if err != nil {
			t.Fatal(err)
		}
		want(t, "header", h, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
		want(t, "body", b, "Gr=C3=BC=C3=9Fe\r\nplain=3D\r\n")
	})
	t.Run("parts within parts and attached messages are gone through", func(t *testing.T) {
		body := "preamble é\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: é\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\n\r\né\r\n--c--\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"größe.png\"\r\n\r\n\xff\xfe\r\n--b--\r\n"
		h, b, err := seven(t, "Content-Type: multipart/mixed; boundary=\"b\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", body)
		if err != nil {
			t.Fatal(err)
		}
		has(t, h, "Content-Transfer-Encoding: 7bit\r\n")
		want(t, "body", b, "preamble ??\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSubject: =?utf-8?b?w6k=?=\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9\r\n--c--\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename*=utf-8''gr%C3%B6%C3%9Fe.png\r\nContent-Transfer-Encoding: base64\r\n\r\n//4=\r\n--b--\r\n")
	})
	for name, c := range map[string]struct{ head, body, words string }{
		"a signed message":       {"Content-Type: multipart/signed; boundary=b\r\n\r\n", "--b\r\n\r\né\r\n--b--\r\n", "signed"},
		"a header with SMTPUTF8": {"To: jürgen@x.org\r\n\r\n", "x\r\n", "letters this mail server does not take"},
		"parts 30 deep": {"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
			strings.Repeat("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", 30) + "é\r\n", "more than 20 deep"},
	} {
		t.Run(name+" is refused in words", func(t *testing.T) {
			_, _, err := seven(t, c.head, c.body)
			var e *data.Error
			if !errors.As(err, &e) || !strings.Contains(e.Sentence, c.words) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestHeaderComplete(t *testing.T) {
	const parts = "To: a@x.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n"
	for name, c := range map[string]struct {
		file           string
		complete, open bool
	}{
		"an empty file is not complete":                        {"", false, false},
		"a header without its blank line is not complete":      {"To: a@x.org\r\nSubj", false, false},
		"a header with its blank line is complete":             {"To: a@x.org\n\nx", true, false},
		"a multipart without its closing boundary is open":     {parts, true, true},
		"a multipart with it is closed":                        {parts + "--b--\r\n", true, false},
		"a boundary inside a line closes nothing":              {parts + "x --b--\r\n", true, true},
		"a long multipart is judged by its end":                {parts + strings.Repeat("0123456789\n", 50000) + "--b--", true, false},
		"a picture counts as complete, to be refused now":      {"\x89PNG\r\n\x1a\n", true, false},
		"a header that is refused counts as complete":          {"no colon here\r\n", true, false},
		"a multipart without a boundary parameter is not open": {"Content-Type: multipart/mixed\r\n\r\n", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, src := range []io.Reader{strings.NewReader(c.file), io.MultiReader(strings.NewReader(c.file))} {
				complete, open, err := mail.HeaderComplete(src)
				if err != nil || complete != c.complete || open != c.open {
					t.Errorf("%T: complete %v, open %v, %v", src, complete, open, err)
				}
			}
		})
	}
}
