package mail_test

import (
	"fmt"
	"net/mail"
	"strings"
	"testing"

	"smtpgateway/data"
	own "smtpgateway/data/mail"
)

func TestReceiveFrom(t *testing.T) {
	const rest = "To: a@x.org\r\n\r\n"
	const ours = "From: School Library <library@school.org>\r\n"
	t.Run("a missing From is put in", func(t *testing.T) {
		got := take(t, rest)
		has(t, got.head, ours)
		hasNot(t, got.head, "Reply-To")
		want(t, "sender", got.Sender, "library@school.org")
		want(t, "shown", got.From, "School Library <library@school.org>")
	})
	t.Run("of two From fields one is left, the first gets the answers", func(t *testing.T) {
		got := take(t, "From: Ms Lee <lee@x.org>\r\nX: 1\r\nFrom: b@x.org\r\n"+rest)
		has(t, got.head, ours, "\r\nReply-To: Ms Lee <lee@x.org>\r\n")
		if strings.Count(got.head, "From:") != 1 {
			t.Errorf("header %q", got.head)
		}
	})
	t.Run("a From of a group or several addresses becomes ours", func(t *testing.T) {
		for _, from := range []string{"Staff: lee@x.org, b@x.org;", "lee@x.org, b@x.org"} {
			has(t, take(t, "From: "+from+"\r\n"+rest).head, ours, "Reply-To: lee@x.org\r\n")
		}
	})
	t.Run("a From of <> gets no answers and no return mail", func(t *testing.T) {
		got := take(t, "From: <>\r\n"+rest)
		has(t, got.head, ours)
		hasNot(t, got.head, "Reply-To")
		if !got.NoReturn || got.Sender != "library@school.org" {
			t.Errorf("NoReturn %v, sender %q", got.NoReturn, got.Sender)
		}
	})
	t.Run("a Reply-To that is there stays", func(t *testing.T) {
		got := take(t, "From: lee@x.org\r\nReply-To: desk@x.org\r\n"+rest)
		has(t, got.head, "\r\nReply-To: desk@x.org\r\n")
		hasNot(t, got.head, "lee@x.org")
		want(t, "original From", got.OriginalFrom, "lee@x.org")
	})
	t.Run("the Reply-To of the settings is for mail that has no answerer of its own", func(t *testing.T) {
		r := rules()
		r.From.ReplyTo = "desk@school.org"
		got, err := receive(t, rest, r)
		if err != nil {
			t.Fatal(err)
		}
		has(t, got.head, "Reply-To: desk@school.org\r\n")
	})
	t.Run("a signature our From would void is removed and noted", func(t *testing.T) {
		got := take(t, "DKIM-Signature: v=1; d=x.org; h=from:to;\r\n\tb=abc\r\nFrom: lee@x.org\r\n"+rest+"\xe9 body\r\n")
		hasNot(t, got.head, "DKIM")
		want(t, "body", got.body, "\xe9 body\r\n")
		has(t, strings.Join(got.Notes, "\n"), "DKIM signature of x.org was removed")
	})
	t.Run("a signature over nothing we change stays to the byte", func(t *testing.T) {
		signed := "DKIM-Signature: v=1; d=school.org; h=from:to:subject:date;\r\n\tb=abc\r\n" + ours + "To:  a@x.org\r\nSubject: x\r\nDate: Mon, 2 Mar 2026 11:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\n"
		want(t, "header", take(t, signed).head, signed)
	})
	t.Run("unusable settings are said to be the trouble", func(t *testing.T) {
		_, err := own.Receive(strings.NewReader(rest), -1, own.Rules{Now: noon})
		if data.CodeOf(err) != data.CodeBadSettings {
			t.Errorf("got %v", err)
		}
	})
}

func TestReceiveEnvelope(t *testing.T) {
	for name, c := range map[string]struct{ file, to string }{
		"To, Cc and Bcc together":                    {"To: a@x.org\r\nCc: b@x.org\r\nBcc: c@x.org\r\n\r\n", "a@x.org b@x.org c@x.org"},
		"X-Receiver lines alone when there are some": {"X-Sender: lee@x.org\r\nX-Receiver: r@x.org\r\nX-Receiver: <s@x.org>\r\nTo: a@x.org\r\nBcc: c@x.org\r\n\r\n", "r@x.org s@x.org"},
		"an address hidden by folding":               {"To: a@x.org,\r\n \r\n\t\r\n                    hidden@x.org\r\n\r\n", "a@x.org hidden@x.org"},
		"groups, comments, names with commas":        {"To: Class 5: \"Lee, Ann\" <a@x.org>, b@x.org (the (other) one);, =?utf-8?q?c=40evil.org=2C?= <d@x.org>\r\n\r\n", "a@x.org b@x.org d@x.org"},
		"the same one twice in other case":           {"To: A@X.org, a@x.ORG\r\nCc: <a@x.org>\r\n\r\n", "A@x.org"},
		"semicolons as Outlook users write them":     {"To: a@x.org; b@x.org;\r\n\r\n", "a@x.org b@x.org"},
		"IDN, quoted, literal, route, percent, dots": {"To: a@bücherei.de, \"a b\"@x.org, a@[127.0.0.1], <@r.org:a@x.org>, a%b@c.org, z@x.org., a@b\r\n\r\n",
			`a@xn--bcherei-n2a.de "a b"@x.org a@[127.0.0.1] a@x.org a%b@c.org z@x.org a@b`},
	} {
		t.Run("recipients are "+name, func(t *testing.T) { want(t, "recipients", list(take(t, c.file)), c.to) })
	}
	t.Run("with only Bcc the To says undisclosed", func(t *testing.T) {
		got := take(t, "Bcc: c@x.org\r\n\r\n")
		has(t, got.head, "To: undisclosed-recipients:;\r\n")
		hasNot(t, got.head, "c@x.org")
	})
	t.Run("undisclosed recipients are fine with X-Receiver or Bcc, else nobody", func(t *testing.T) {
		const to = "To: undisclosed-recipients:;\r\n"
		want(t, "recipients", list(take(t, to+"X-Receiver: r@x.org\r\n\r\n")), "r@x.org")
		want(t, "recipients", list(take(t, to+"Bcc: r@x.org\r\n\r\n")), "r@x.org")
		refused(t, to+"\r\n", data.CodeBadMessage, "no recipient")
	})
	t.Run("an X-Sender of <> asks for no return mail", func(t *testing.T) {
		got := take(t, "X-Sender: <>\r\nTo: a@x.org\r\n\r\n")
		if !got.NoReturn || got.OriginalSender != "<>" {
			t.Errorf("NoReturn %v, %q", got.NoReturn, got.OriginalSender)
		}
		want(t, "original sender", take(t, "X-Sender: Lee <lee@x.org>\r\nTo: a@x.org\r\n\r\n").OriginalSender, "lee@x.org")
	})
	t.Run("one bad address stops no other", func(t *testing.T) {
		got := take(t, "To: a@x.org, a@x SIZE=9, <a>b@x.org>, \"no end <e@x.org>\r\nCc: b@x.org\r\n\r\n")
		want(t, "recipients", list(got), "a@x.org b@x.org")
		if len(got.BadRecipients) != 3 {
			t.Errorf("bad %q", got.BadRecipients)
		}
	})
	t.Run("nothing but bad addresses is refused", func(t *testing.T) {
		for _, to := range []string{"a@x.org>", "a b@x.org", "a@x.org SIZE=9", strings.Repeat("a", 65) + "@x.org", strings.Repeat("a", 320)} {
			refused(t, "To: "+to+"\r\n\r\n", data.CodeBadAddress, "not an e-mail address")
		}
	})
	t.Run("a domain without a dot is taken with a warning", func(t *testing.T) {
		has(t, strings.Join(take(t, "To: a@b\r\n\r\n").Notes, " "), "a@b has no dot")
	})
	t.Run("10,000 recipients are taken, more refused", func(t *testing.T) {
		var to strings.Builder
		for i := range 10000 {
			fmt.Fprintf(&to, "X-Receiver: r%d@x.org\r\n", i)
		}
		if got := take(t, to.String()+"\r\n"); len(got.Recipients) != 10000 {
			t.Errorf("%d recipients", len(got.Recipients))
		}
		refused(t, "X-Receiver: more@x.org, most@x.org\r\n"+to.String()+"\r\n", data.CodeBadMessage, "more than 10000")
		line := strings.ReplaceAll(strings.ReplaceAll(to.String(), "X-Receiver: ", ""), "\r\n", ",")
		if got := take(t, "To: "+line+"\r\n\r\n"); len(got.Recipients) != 10000 {
			t.Errorf("%d recipients in one line", len(got.Recipients))
		}
	})
}

func TestReceiveText(t *testing.T) {
	t.Run("UTF-8 in Subject and names becomes encoded words", func(t *testing.T) {
		subject := strings.Repeat("Bücher fällig – 日本語 ", 10)
		got := take(t, "Subject: "+subject+"\r\nTo: Jürgen \"Jo\" Groß <j@x.org>, k@x.org (Käthe)\r\nX-Note: grün\r\n\r\n")
		if got.UTF8 || got.EightBit {
			t.Error("marked as needing SMTPUTF8")
		}
		m, err := mail.ReadMessage(strings.NewReader(got.head))
		if err != nil {
			t.Fatal(err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 2 || to[0].Name != "Jürgen Jo Groß" || to[1].Name != "Käthe" {
			t.Errorf("To is %v, %v", to, err)
		}
		want(t, "shown subject", got.Subject, data.Clean(subject, 200))
		for line := range strings.SplitSeq(got.head, "\r\n") {
			if len(line) > 78 {
				t.Errorf("a line of %d: %q", len(line), line)
			}
		}
	})
	t.Run("letters that are no UTF-8 are refused", func(t *testing.T) {
		refused(t, "To: a@x.org\r\nSubject: Gr\xfc\xdfe\r\n\r\n", data.CodeBadMessage, "Subject in line 2")
	})
	t.Run("a local part outside ASCII needs SMTPUTF8", func(t *testing.T) {
		got := take(t, "To: Jürgen <jürgen@bücherei.de>\r\n\r\n")
		if !got.UTF8 || !got.EightBit {
			t.Error("not marked")
		}
		has(t, got.head, "<jürgen@xn--bcherei-n2a.de>")
	})
	t.Run("8-bit file names in Content-Type are written as RFC 2231 says", func(t *testing.T) {
		has(t, take(t, "To: a@x.org\r\nContent-Type: application/pdf; name=\"größe.pdf\"\r\n\r\n").head, "name*=utf-8''gr%C3%B6%C3%9Fe.pdf")
	})
	t.Run("decoded text never goes back into a header raw", func(t *testing.T) {
		got := take(t, "From: =?utf-8?q?x=0D=0ABcc:_evil=40x.org?= <lee@x.org>\r\nTo: a@x.org, é =?utf-8?q?=0D=0ACc:_evil=40x.org?= <b@x.org>\r\nSubject: é =?utf-8?q?=0D=0ABcc:_evil=40x.org?= \u2028 x\r\n\r\n")
		want(t, "recipients", list(got), "a@x.org b@x.org")
		hasNot(t, strings.ToLower(got.head), "\nbcc:", "\ncc:", "\rbcc:")
		hasNot(t, got.From+got.To+got.Subject+got.OriginalFrom, "\r", "\n", "\u2028")
	})
	t.Run("the same Message-ID twice is two messages, as it stands", func(t *testing.T) {
		want(t, "Message-ID", take(t, plain+"\r\n").MessageID, "<1@school.org>")
	})
	t.Run("Date and Message-ID are added where missing", func(t *testing.T) {
		got := take(t, "To: a@x.org\r\n\r\n")
		has(t, got.head, "Date: Mon, 02 Mar 2026 12:00:00 +0000\r\n", "Message-ID: "+got.MessageID+"\r\n", "@school.org>")
	})
	t.Run("a Date of 1970 or the year 9999 is left alone", func(t *testing.T) {
		for _, date := range []string{"Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n", "Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n"} {
			has(t, take(t, date+"To: a@x.org\r\n\r\n").head, date)
		}
	})
	t.Run("Latin-1 declared as us-ascii leaves as it came", func(t *testing.T) {
		got := take(t, plain+"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe\r\n")
		want(t, "body", got.body, "Gr\xfc\xdfe\r\n")
		if !got.EightBit || got.UTF8 {
			t.Errorf("EightBit %v, UTF8 %v", got.EightBit, got.UTF8)
		}
	})
}

func TestRestamp(t *testing.T) {
	const block = "DKIM-Signature: d=x; h=From; b=1\r\nFrom: Old <old@school.org>\r\nTo: a@x.org\r\nSubject: x\r\n\r\n"
	from := data.From{Address: "new@school.org", Name: "Bücherei", ReplyTo: "desk@school.org"}
	t.Run("the From of a waiting message follows the setting, once", func(t *testing.T) {
		once, err := own.Restamp([]byte(block), from)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "header", string(once), "From: =?utf-8?q?B=C3=BCcherei?= <new@school.org>\r\nTo: a@x.org\r\nSubject: x\r\nReply-To: desk@school.org\r\n\r\n")
		twice, err := own.Restamp(once, from)
		if err != nil || string(twice) != string(once) {
			t.Errorf("twice %q, %v", twice, err)
		}
	})
	t.Run("an unusable From changes nothing", func(t *testing.T) {
		if h, err := own.Restamp([]byte(block), data.From{Address: "x>"}); err == nil || h != nil {
			t.Errorf("got %q, %v", h, err)
		}
	})
}

func TestCopied(t *testing.T) {
	const block = "DKIM-Signature: d=x; h=Subject:Message-ID; b=1\r\nFrom: Old <old@school.org>\r\nMessage-ID: <1@school.org>\r\nSubject: x\r\n\r\n"
	header, id, err := own.Copied([]byte(block), data.From{Address: "new@school.org"}, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a copy has a Message-ID that nobody has seen, and the From of today", func(t *testing.T) {
		if id == "<1@school.org>" || !strings.HasSuffix(id, "@school.org>") {
			t.Errorf("it is %s", id)
		}
		want(t, "header", string(header), "From: new@school.org\r\nMessage-ID: "+id+"\r\nSubject: x\r\n\r\n")
	})
	t.Run("an unusable From makes none", func(t *testing.T) {
		if h, _, err := own.Copied([]byte(block), data.From{Address: "x>"}, ""); err == nil || h != nil {
			t.Errorf("got %q, %v", h, err)
		}
	})
}
