package mail_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os/exec"
	"strings"
	"testing"

	"smtpgateway/data"
	own "smtpgateway/data/mail"
)

// node is a parsed body part.
type node struct {
	media  string
	params map[string]string
	text   string // decoded
	parts  []node
}

func parse(t *testing.T, head interface{ Get(string) string }, body io.Reader) node {
	t.Helper()
	n := node{media: "text/plain"}
	if v := head.Get("Content-Type"); v != "" {
		var err error
		if n.media, n.params, err = mime.ParseMediaType(v); err != nil {
			t.Fatalf("Content-Type %q: %v", v, err)
		}
	}
	if strings.HasPrefix(n.media, "multipart/") {
		r := multipart.NewReader(body, n.params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return n
			}
			if err != nil {
				t.Fatalf("part: %v", err)
			}
			n.parts = append(n.parts, parse(t, p.Header, p))
		}
	}
	if head.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	n.text = string(b)
	return n
}

// posted reads a composed message as a stranger would.
func posted(t *testing.T, m *data.NewMessage) (mail.Header, node, string) {
	t.Helper()
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	sane(t, m.Header, body)
	all := append(bytes.Clone(m.Header), body...)
	if !m.EightBit {
		for _, c := range all {
			if c > '~' {
				t.Fatalf("an 8-bit octet in %q", clip(all))
			}
		}
	}
	msg, err := mail.ReadMessage(bytes.NewReader(all))
	if err != nil {
		t.Fatal(err)
	}
	return msg.Header, parse(t, msg.Header, msg.Body), string(all)
}

// readElsewhere has another reader look for defects, where it is installed.
func readElsewhere(t *testing.T, all string) {
	t.Helper()
	if python, err := exec.LookPath("python3"); err == nil {
		cmd := exec.Command(python, "-c", `
import email, email.policy, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
bad = [d for p in m.walk() for d in p.defects]
for p in m.walk():
    if p.get_content_type() == "message/delivery-status":
        for block in p.get_payload()[1:]:
            if len(block) and not (block["Action"] == "failed" and block["Status"] and block["Final-Recipient"]):
                bad.append(block.as_string())
sys.exit("defects: %r" % bad if bad else 0)`)
		cmd.Stdin = strings.NewReader(all)
		if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(string(out), "not found") {
			t.Errorf("Python's reader: %v, %s", err, out)
		}
	}
}

func TestCompose(t *testing.T) {
	text := own.Text{
		From: data.From{Address: "library@school.org", Name: "Bücherei, \"oben\"", ReplyTo: "desk@school.org"},
		To:   []string{"a@x.org", "A@X.org", "b@x.org"}, Subject: "Fällig: Momo", Text: "Grüße\n.\n" + strings.Repeat("lang ", 400),
		HTML: "<p>Grüße</p>", Class: data.ClassNotice, Now: noon, InReplyTo: "<q@x>",
		Attach: []own.Attachment{{Name: "../../größe.csv", Type: "text/csv", Data: []byte("a,b\n1,2\n")}},
	}
	t.Run("text, HTML and attachment arrive as meant", func(t *testing.T) {
		m, err := own.Compose(text)
		if err != nil {
			t.Fatal(err)
		}
		head, n, all := posted(t, m)
		readElsewhere(t, all)
		from, err := head.AddressList("From")
		if err != nil || from[0].Name != text.From.Name || from[0].Address != "library@school.org" {
			t.Errorf("From %v, %v", from, err)
		}
		subject, _ := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
		want(t, "Subject", subject, text.Subject)
		want(t, "Auto-Submitted", head.Get("Auto-Submitted"), "auto-generated")
		want(t, "Reply-To", head.Get("Reply-To"), "desk@school.org")
		want(t, "In-Reply-To", head.Get("In-Reply-To"), "<q@x>")
		want(t, "recipients", strings.Join(m.Recipients, " "), "a@x.org b@x.org")
		has(t, head.Get("Message-ID"), "@school.org>")
		if n.media != "multipart/mixed" || len(n.parts) != 2 || len(n.parts[0].parts) != 2 {
			t.Fatalf("structure %+v", n)
		}
		want(t, "text", n.parts[0].parts[0].text, strings.ReplaceAll(text.Text, "\n", "\r\n"))
		want(t, "HTML", n.parts[0].parts[1].text, text.HTML)
		want(t, "type of the attachment", n.parts[1].media, "text/csv")
	})
	t.Run("no field makes a line of its own", func(t *testing.T) {
		for _, evil := range []string{"x\r\nBcc: evil@x.org", "x\nBcc: evil@x.org", "x\rBcc: evil@x.org", "x\u2028Bcc: evil@x.org", "=?utf-8?q?=0D=0ABcc:_evil=40x.org?="} {
			bad := text
			bad.Subject, bad.From.Name, bad.InReplyTo, bad.MessageID = evil, evil, evil, "<"+evil+">"
			bad.Attach = []own.Attachment{{Name: evil, Type: "text/plain; name=\"" + evil + "\""}}
			m, err := own.Compose(bad)
			if err != nil {
				t.Fatal(err)
			}
			head, _, all := posted(t, m)
			if head.Get("Bcc") != "" || strings.Contains(strings.ReplaceAll(all, "\r", "\n"), "\nBcc:") {
				t.Errorf("%q made a line: %q", evil, all[:900])
			}
			want(t, "recipients", strings.Join(m.Recipients, " "), "a@x.org b@x.org")
		}
	})
	t.Run("a bad recipient is refused", func(t *testing.T) {
		bad := text
		bad.To = []string{"a@x.org>\r\nDATA"}
		if _, err := own.Compose(bad); data.CodeOf(err) != data.CodeBadAddress {
			t.Errorf("got %v", err)
		}
	})
}

func item(n string) own.ReturnItem {
	return own.ReturnItem{
		Message:        data.Message{MessageID: "<orig" + n + "@school.org>", Subject: "Überfällig " + n, To: "Ann <ann@x.org>", Queued: noon},
		OriginalHeader: []byte("From: library@school.org\r\nBcc: secret@x.org\r\nSubject: Jürgen\r\nMessage-ID: <orig" + n + "@school.org>\r\n\r\n"),
		ServerHost:     "mail.school.org:587", LastAttempt: noon,
		Failed: []data.Delivery{
			{Recipient: "ann@x.org", Reason: "This address does not exist.", Remedy: "Look it up.", Code: 550, Enhanced: "5.1.1", Line: "5.1.1 no such user \x1b[31m é" + strings.Repeat(" long", 60)},
			{Recipient: "jürgen@x.org", Reason: "Given up after 100 hours.", FirstTried: 1},
		},
	}
}

func TestComposeReturn(t *testing.T) {
	r := own.Return{From: data.From{Address: "library@school.org"}, To: "library@school.org", ReportingHost: "pc.school.org", Now: noon, Items: []own.ReturnItem{item("1")}}
	t.Run("one message comes back as a report of RFC 3464", func(t *testing.T) {
		m, err := own.ComposeReturn(r)
		if err != nil {
			t.Fatal(err)
		}
		if m.Sender != "" || !m.NoReturn || m.Class != data.ClassReturn || strings.Join(m.Recipients, "") != r.To {
			t.Errorf("sender %q, no return %v, class %v, to %v", m.Sender, m.NoReturn, m.Class, m.Recipients)
		}
		head, n, all := posted(t, m)
		readElsewhere(t, all)
		want(t, "Auto-Submitted", head.Get("Auto-Submitted"), "auto-replied")
		want(t, "References", head.Get("References"), "<orig1@school.org>")
		if n.media != "multipart/report" || n.params["report-type"] != "delivery-status" || len(n.parts) != 3 {
			t.Fatalf("structure %+v", n)
		}
		has(t, n.parts[0].text, "Überfällig 1", "ann@x.org", "This address does not exist.", "550 5.1.1 no such user", "Look it up.", "Monday, 2 March 2026, 12:00")
		want(t, "part 2", n.parts[1].media, "message/delivery-status")
		has(t, n.parts[1].text, "Reporting-MTA: dns; pc.school.org\r\nArrival-Date: Mon, 02 Mar 2026 12:00:00 +0000\r\n\r\n",
			"Final-Recipient: rfc822; ann@x.org\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mail.school.org\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
			"\r\n\r\nFinal-Recipient: utf-8; j\\x{FC}rgen@x.org\r\nAction: failed\r\nStatus: 4.4.7\r\nLast-Attempt-Date: ")
		if strings.Count(n.parts[1].text, "Remote-MTA") != 1 {
			t.Error("a server that said nothing is named")
		}
		want(t, "part 3", n.parts[2].media, "text/rfc822-headers")
		has(t, n.parts[2].text, "Subject: Jürgen\r\n")
		hasNot(t, all, "secret@x.org", "\x1b")
	})
	t.Run("several come back in one digest with a report for each", func(t *testing.T) {
		r := r
		r.Items = []own.ReturnItem{item("1"), item("2"), item("3")}
		m, err := own.ComposeReturn(r)
		if err != nil {
			t.Fatal(err)
		}
		_, n, all := posted(t, m)
		readElsewhere(t, all)
		if n.media != "multipart/mixed" || len(n.parts) != 4 {
			t.Fatalf("structure %+v", n)
		}
		has(t, n.parts[0].text, "3 messages", "Überfällig 1", "Überfällig 3")
		for _, p := range n.parts[1:] {
			if p.media != "multipart/report" || len(p.parts) != 3 {
				t.Errorf("report %+v", p)
			}
		}
	})
	t.Run("statuses say who refused", func(t *testing.T) {
		for want, d := range map[string]data.Delivery{
			"5.7.1": {Code: 550, Enhanced: "5.7.1"},
			"5.0.0": {Code: 554},
			"4.4.7": {Code: 451, Enhanced: "4.7.1"},
		} {
			if got := own.Status(d); got != want {
				t.Errorf("%+v gives %s", d, got)
			}
		}
		want(t, "never tried", own.Status(data.Delivery{FirstTried: -1}), "5.0.0")
	})
}

func TestComposePractice(t *testing.T) {
	t.Run("goes to the tester only, the message attached untouched", func(t *testing.T) {
		r := rules()
		file := "To: Ann <ann@x.org>\nSubject: Fällig\nMessage-ID: <1@x>\nDate: Mon, 2 Mar 2026 11:00:00 +0000\n\nGr\xfc\xdfe\n.\n"
		d, err := own.Receive(strings.NewReader(file), int64(len(file)), r)
		if err != nil {
			t.Fatal(err)
		}
		m, err := own.ComposePractice(d, nil, d.Recipients, "tester@school.org", r.From, noon)
		if err != nil {
			t.Fatal(err)
		}
		head, n, all := posted(t, m)
		readElsewhere(t, all)
		want(t, "recipients", strings.Join(m.Recipients, " "), "tester@school.org")
		has(t, m.Subject, "[Practice] Fällig")
		want(t, "To", head.Get("To"), "tester@school.org")
		if !m.Practice || !m.EightBit || len(n.parts) != 2 {
			t.Fatalf("practice %v, 8-bit %v, %+v", m.Practice, m.EightBit, n)
		}
		has(t, n.parts[0].text, "ann@x.org", "PRACTICE MODE")
		want(t, "attached", n.parts[1].text, string(d.Header)+"Gr\xfc\xdfe\r\n.\r\n")
	})
}
