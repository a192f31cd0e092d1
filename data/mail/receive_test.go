package mail_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"runtime"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

const plain = "From: ms.lee@school.org\r\nTo: a@x.org\r\nSubject: Hello\r\nDate: Mon, 2 Mar 2026 11:00:00 +0000\r\nMessage-ID: <1@school.org>\r\n"

func TestReceiveShape(t *testing.T) {
	t.Run("an empty file is refused", func(t *testing.T) { refused(t, "", data.CodeBadMessage, "empty") })
	t.Run("a file of blank lines is refused for having no header", func(t *testing.T) {
		refused(t, "\r\n\r\n\r\n", data.CodeBadMessage, "no header")
	})
	t.Run("a header without a blank line after it is a message with an empty body", func(t *testing.T) {
		if got := take(t, plain); got.body != "" || got.Body != nil {
			t.Errorf("body is %q", got.body)
		}
	})
	t.Run("a header with its blank line and no body is taken", func(t *testing.T) {
		want(t, "body", take(t, plain+"\r\n").body, "")
	})
	for name, end := range map[string]string{"LF": "\n", "CR": "\r", "CRLF": "\r\n"} {
		t.Run("a file of "+name+" lines leaves with CRLF", func(t *testing.T) {
			file := strings.ReplaceAll(plain+"\r\none\r\n\r\ntwo\r\n", "\r\n", end)
			got := take(t, file)
			want(t, "body", got.body, "one\r\n\r\ntwo\r\n")
			want(t, "recipients", list(got), "a@x.org")
		})
	}
	t.Run("mixed line ends become CRLF", func(t *testing.T) {
		want(t, "body", take(t, plain+"\n1\r2\n3\r\n4\r\r\n5\n\r6").body, "1\r\n2\r\n3\r\n4\r\n\r\n5\r\n\r\n6\r\n")
	})
	t.Run("an end of message hidden in odd line ends stays text", func(t *testing.T) {
		for _, dot := range []string{"\n.\n", "\r.\r", "\n.\r\n", "\r.\r\n"} {
			want(t, "body", take(t, plain+"\r\na"+dot+"MAIL FROM:<evil@x.org>\r\n").body, "a\r\n.\r\nMAIL FROM:<evil@x.org>\r\n")
		}
	})
	t.Run("lines of dots stay as they are", func(t *testing.T) {
		want(t, "body", take(t, plain+"\r\n.\r\n..\r\n...x\r\n").body, ".\r\n..\r\n...x\r\n")
	})
	t.Run("a last line without end gets one", func(t *testing.T) { want(t, "body", take(t, plain+"\r\nend").body, "end\r\n") })
	t.Run("a byte order mark is dropped", func(t *testing.T) {
		got := take(t, "\xef\xbb\xbf"+plain+"\r\nx")
		if strings.Contains(got.head, "\xef") || got.UTF8 || got.EightBit {
			t.Errorf("header %q", got.head)
		}
	})
	t.Run("UTF-16 is refused by name", func(t *testing.T) {
		for _, mark := range []string{"\xff\xfe", ""} {
			var b strings.Builder
			b.WriteString(mark)
			for _, c := range []byte(plain + "\r\n") {
				b.Write([]byte{c, 0})
			}
			refused(t, b.String(), data.CodeBadMessage, "saved as UTF-16")
		}
		refused(t, "\xfe\xff\x00F\x00r", data.CodeBadMessage, "saved as UTF-16")
		refused(t, "\x00F\x00r\x00o\x00m", data.CodeBadMessage, "saved as UTF-16")
	})
	t.Run("the line of a mailbox file is dropped", func(t *testing.T) {
		hasNot(t, take(t, "From lee@x.org Mon Mar  2 11:00:00 2026\n"+plain+"\r\nx").head, "Mar  2")
	})
	t.Run("blank lines first are dropped", func(t *testing.T) {
		want(t, "recipients", list(take(t, "\r\n \n\r"+plain+"\r\nx")), "a@x.org")
	})
	t.Run("a blank before the colon is dropped", func(t *testing.T) {
		has(t, take(t, "Subject \t: Hi\r\nTo : a@x.org\r\n\r\n").head, "\r\nTo: a@x.org\r\n")
	})
	t.Run("an 8-bit field name and a line without colon are refused with their line", func(t *testing.T) {
		refused(t, plain+"Gr\xc3\xbc\xc3\x9fe: x\r\n\r\n", data.CodeBadMessage, "Line 6")
		refused(t, plain+"no field here\r\n\r\n", data.CodeBadMessage, "Line 6")
		refused(t, " folded: first\r\n"+plain+"\r\n", data.CodeBadMessage, "Line 1")
	})
	t.Run("a picture or program is no mail message", func(t *testing.T) {
		refused(t, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", data.CodeBadMessage, "not a mail message")
		refused(t, "MZ\x90\x00\x03\x00\x00\x00\x04\x00", data.CodeBadMessage, "not a mail message")
		refused(t, "PK\x03\x04\x14\x00", data.CodeBadMessage, "not a mail message")
		refused(t, "\x01\x02\x03\xff\xfe binary", data.CodeBadMessage, "not a mail message")
	})
	t.Run("a mail loop is refused", func(t *testing.T) {
		refused(t, strings.Repeat("Received: from a by b; Mon, 2 Mar 2026 11:00:00 +0000\r\n", 100)+plain+"\r\n", data.CodeBadMessage, "mail loop")
		take(t, strings.Repeat("Received: from a by b\r\n", 99)+plain+"\r\n")
	})
	t.Run("a header of 10 MB and one of 100,000 fields are refused at the limit", func(t *testing.T) {
		refused(t, plain+"X-A: "+strings.Repeat("a ", 5<<20)+"\r\n\r\n", data.CodeBadMessage, "header of the message is too large")
		refused(t, plain+strings.Repeat("X-A: 1\r\n", 100000)+"\r\n", data.CodeBadMessage, "header of the message is too large")
		refused(t, plain+strings.Repeat("X-A: "+strings.Repeat("a", 900)+"\r\n", 400)+"\r\n", data.CodeBadMessage, "header of the message is too large")
	})
	t.Run("NUL in the header is refused with its line", func(t *testing.T) {
		refused(t, plain+"X-A: a\x00b\r\n\r\n", data.CodeBadMessage, "line 6")
	})
	t.Run("broken MIME is sent unchanged", func(t *testing.T) {
		var deep strings.Builder
		for i := range 200 {
			fmt.Fprintf(&deep, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
		}
		for _, body := range []string{
			deep.String(), "--b0\r\n", "no boundary at all\r\n",
			"--b0\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJ\r\n--b0--\r\n",
			"--b0\r\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\r\n\r\nx\r\n--b0\r\nContent-Disposition: attachment; filename=CON\r\n\r\n--b0--\r\n",
		} {
			want(t, "body", take(t, plain+"Content-Length: 7\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"+body).body, body)
		}
	})
}

// counting says how much was read.
type counting struct {
	*strings.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestReceiveSize(t *testing.T) {
	file := plain + "\r\n" + strings.Repeat("0123456789\r\n", 200000)
	r := rules()
	r.MaxBytes = 1 << 20
	t.Run("a file over the limit is refused with size and limit, without reading it", func(t *testing.T) {
		src := &counting{Reader: strings.NewReader(file)}
		_, err := mail.Receive(src, 60<<20, r)
		if data.CodeOf(err) != data.CodeTooLarge || src.n != 0 {
			t.Fatalf("%v after %d octets", err, src.n)
		}
		has(t, err.Error(), "60 MB", "1 MB")
	})
	t.Run("a file that grew is refused at the limit", func(t *testing.T) {
		src := &counting{Reader: strings.NewReader(file)}
		_, err := mail.Receive(src, 10, r)
		if data.CodeOf(err) != data.CodeTooLarge || src.n > 3<<19 {
			t.Fatalf("%v after %d octets", err, src.n)
		}
	})
}

func TestReceiveMemory(t *testing.T) {
	for name, body := range map[string]string{
		"a large message":                      strings.Repeat("0123456789abcdef\n", 1<<20),
		"a large message that is re-encoded":   strings.Repeat(strings.Repeat("x", 1500)+"\n", 10000),
		"a large message that is but one line": strings.Repeat("0123456789abcdef", 1<<20),
	} {
		t.Run(name+" costs no large memory", func(t *testing.T) {
			src := strings.NewReader(plain + "\n" + body)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d, err := mail.Receive(src, -1, rules())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, d.Body); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 2<<20 {
				t.Errorf("%d octets for %d", got, len(body))
			}
		})
	}
}

func TestReceiveLines(t *testing.T) {
	for _, n := range []int{999, 2049, 1000000} {
		t.Run(fmt.Sprintf("a line of %d octets is re-encoded and reads the same", n), func(t *testing.T) {
			text := "before\r\n" + strings.Repeat("abc =é ", n/8) + strings.Repeat("x", n) + "\r\nafter \r\n"
			got := take(t, plain+"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+text)
			has(t, got.head, "\r\nContent-Transfer-Encoding: quoted-printable\r\n")
			b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(got.body)))
			if err != nil || string(b) != text {
				t.Errorf("decodes to %d octets, %v, want %d", len(b), err, len(text))
			}
			if got.EightBit {
				t.Error("marked 8-bit")
			}
		})
	}
	long := strings.Repeat("y", 1200)
	t.Run("without MIME fields they are added", func(t *testing.T) {
		has(t, take(t, plain+"\r\n"+long).head, "MIME-Version: 1.0\r\n", "charset=us-ascii")
		has(t, take(t, plain+"\r\né"+long).head, "charset=utf-8")
		has(t, take(t, plain+"\r\n\xe9"+long).head, "charset=unknown-8bit")
	})
	t.Run("in a multipart only the part that needs it is re-encoded", func(t *testing.T) {
		got := take(t, plain+"Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\nContent-Type: text/plain\r\n\r\nkept é = \r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"+long+"\r\n--b\r\nContent-Type: application/json\r\n\r\n{"+long+"}\r\n--b--\r\npost\r\n")
		has(t, got.body, "pre\r\n--b\r\nContent-Type: text/plain\r\n\r\nkept é = \r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nyyy",
			"Content-Transfer-Encoding: base64\r\n\r\n"+base64.StdEncoding.EncodeToString([]byte("{yyyyy")), "\r\n--b--\r\npost\r\n")
		if !got.EightBit {
			t.Error("the kept 8-bit part needs 8BITMIME")
		}
	})
	t.Run("base64 and quoted-printable in one long line are only broken", func(t *testing.T) {
		data := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("PDF", 1000)))
		got := take(t, plain+"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"+data+"\r\n")
		want(t, "base64", strings.ReplaceAll(got.body, "\r\n", ""), data)
		got = take(t, plain+"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"+strings.Repeat("=C3=A9 a", 400)+"\r\n")
		b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(got.body)))
		if err != nil || string(b) != strings.Repeat("é a", 400)+"\r\n" {
			t.Errorf("quoted-printable decodes to %q, %v", b[:min(len(b), 50)], err)
		}
	})
	t.Run("in a signed message it is refused with the line number", func(t *testing.T) {
		refused(t, plain+"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nshort\r\n"+long+"\r\n--b--\r\n", data.CodeBadMessage, "Line 12")
	})
	t.Run("where MIME allows nothing it is refused with the line number", func(t *testing.T) {
		refused(t, plain+"Content-Transfer-Encoding: x-uuencode\r\n\r\n"+long+"\r\n", data.CodeBadMessage, "Line 8")
		refused(t, plain+"Content-Type: message/partial\r\n\r\n"+long+"\r\n", data.CodeBadMessage, "Line 8")
	})
	t.Run("NUL in the body is re-encoded", func(t *testing.T) {
		has(t, take(t, plain+"\r\na\x00b\r\n").body, "a=00b")
	})
	t.Run("a long header line is folded, one that cannot be is refused", func(t *testing.T) {
		got := take(t, plain+"X-Long: "+strings.Repeat("word ", 400)+"\r\nX-Word: "+strings.Repeat("z", 1500)+"\r\n\r\n")
		has(t, got.head, "word\r\n word", "X-Word: =?utf-8?q?zzz")
		refused(t, plain+"References: <"+strings.Repeat("z", 1500)+">\r\n\r\n", data.CodeBadMessage, "line 6")
	})
}
