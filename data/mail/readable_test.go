package mail_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data/mail"
)

func readable(t *testing.T, message string) mail.Letter {
	t.Helper()
	head, body, _ := strings.Cut(message, "\r\n\r\n")
	l, err := mail.Readable([]byte(head+"\r\n\r\n"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const alternative = "From: =?utf-8?q?B=C3=BCcherei?= <library@school.test>\r\nTo: ann@school.test\r\nSubject: =?utf-8?b?w5xiZXJmw6RsbGln?=\r\nX-Odd: no\r\n" +
	"Content-Type: multipart/mixed; boundary=a\r\n\r\npreamble\r\n--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nBitte zur=FCck=\r\nbringen.\r\n" +
	"--b\r\nContent-Type: text/html\r\n\r\n<p>HTML</p>\r\n--b--\r\n" +
	"--a\r\nContent-Type: application/pdf; name=\"list.pdf\"\r\nContent-Disposition: attachment; filename*=utf-8''B%C3%BCcher.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n" +
	"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner words\r\n--a\r\n\r\nThe end.\r\n--a--\r\n"

func TestReadable(t *testing.T) {
	t.Run("plain text comes before HTML, decoded, with the names of what is attached", func(t *testing.T) {
		l := readable(t, alternative)
		if l.Text != "Bitte zurückbringen.\n\nThe end." || l.FromHTML || l.Cut {
			t.Errorf("%+v", l)
		}
		if !slices.Equal(l.Attachments, []string{"Bücher.pdf", "message.eml"}) {
			t.Error(l.Attachments)
		}
		want := []mail.LetterField{{Name: "From", Value: "Bücherei <library@school.test>"}, {Name: "To", Value: "ann@school.test"}, {Name: "Subject", Value: "Überfällig"}}
		if !slices.Equal(l.Fields, want) {
			t.Error(l.Fields)
		}
	})
	for name, c := range map[string]struct{ message, want string }{
		"no MIME at all is plain text":              {"Subject: x\r\n\r\nOne\r\n\r\n\r\n\r\n\r\nTwo\tx\r\n", "One\n\n\nTwo    x"},
		"UTF-8 that does not say so is read":        {"Subject: x\r\n\r\nfür\r\n", "für"},
		"Windows text that does not say so is read": {"Subject: x\r\n\r\nf\xfcr\r\n", "für"},
		"UTF-8 in name only is read":                {"Content-Type: text/plain; charset=utf-8\r\n\r\nf\xfcr\r\n", "für"},
		"a charset nobody knows is read as it is":   {"Content-Type: text/plain; charset=klingon\r\n\r\nplain\r\n", "plain"},
		"Japanese":                                {"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B?^=q4[\x1b(B\r\n", "図書館"},
		"base64 with a mistake in it":             {"Content-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8h!!\r\n", "Hello!"},
		"quoted-printable that is none":           {"Content-Transfer-Encoding: quoted-printable\r\n\r\n100 =zz\r\n", "100 =zz"},
		"controls and turned writing do not show": {"Subject: x\r\n\r\na\x1b[31mb\u202egpj.exe\r\n", "a[31mbgpj.exe"},
		"a boundary that never comes":             {"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhalf", "half"},
		"parts without end":                       {"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", 50), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if l := readable(t, c.message); l.Text != c.want {
				t.Errorf("%q", l.Text)
			}
		})
	}
	t.Run("HTML gives its words in lines, and nothing that runs", func(t *testing.T) {
		l := readable(t, "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>T</title><style>p{}</style></head><body><h1>Over&shy;due</h1>"+
			"<p>Please\r\n bring <b>back</b>:</p><ul><li>One<li>Two</ul><table><tr><td>A<td>B</tr></table>a<br>b<script>alert(1)</script><img alt=\"Logo\" src=x></body>\r\n")
		want := "Over\u00addue\n\nPlease bring back:\n\n- One\n- Two\n\nA"
		if !l.FromHTML || !strings.HasPrefix(l.Text, want) || strings.Contains(l.Text, "alert") || !strings.Contains(l.Text, "a\nbLogo") {
			t.Errorf("%q", l.Text)
		}
	})
	t.Run("a text without end is cut, and says so", func(t *testing.T) {
		for _, message := range []string{
			"Subject: x\r\n\r\n" + strings.Repeat("ü words\r\n", 200_000),
			"Content-Type: text/html\r\n\r\n" + strings.Repeat("<p>words", 300_000),
			"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("words "), 300_000)),
		} {
			if l := readable(t, message); !l.Cut || len(l.Text) > 256<<10 || len(l.Text) < 100<<10 || !utf8.ValidString(l.Text) {
				t.Errorf("cut %v, %d octets", l.Cut, len(l.Text))
			}
		}
	})
	t.Run("attachments without end are counted", func(t *testing.T) {
		l := readable(t, "Content-Type: multipart/mixed; boundary=x\r\n\r\n"+strings.Repeat("--x\r\nContent-Type: image/png; name=\"..\\\\a/b.png\"\r\n\r\nx\r\n", 70))
		if len(l.Attachments) != 50 || l.More != 20 || l.Attachments[0] != "b.png" {
			t.Error(len(l.Attachments), l.More, l.Attachments[0])
		}
	})
	t.Run("an error of reading comes back with what was read", func(t *testing.T) {
		l, err := mail.Readable([]byte("Subject: x\r\n\r\n"), io.MultiReader(strings.NewReader("half\r\n"), iotest.ErrReader(io.ErrUnexpectedEOF)))
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(l.Fields) != 1 {
			t.Fatalf("%+v %v", l, err)
		}
	})
}

// FuzzReadable: whatever a message is, what a person sees of it is bounded and cannot harm a screen.
func FuzzReadable(f *testing.F) {
	for _, s := range append(seeds, alternative) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, message string) {
		l := readable(t, message)
		if len(l.Text) > 256<<10 || len(l.Attachments) > 50 || len(l.Fields) > 7 {
			t.Fatal("not bounded")
		}
		texts := slices.Concat([]string{strings.ReplaceAll(l.Text, "\n", "")}, l.Attachments)
		for _, field := range l.Fields {
			texts = append(texts, field.Value)
		}
		for _, s := range texts {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || strings.ContainsAny(s, "\u202e\u2066\u2028") {
				t.Fatalf("%q", s)
			}
		}
	})
}
