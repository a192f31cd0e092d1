package letter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mail"
)

// posted is one shipped letter as a mail, and what was put into it.
type posted struct {
	name string
	r    letter.Rendered
	raw  []byte
}

// everyMail writes every shipped letter to a patron and to a guardian who is told titles or the number only.
func everyMail(t *testing.T) []posted {
	t.Helper()
	var all []posted
	for _, tpl := range letter.Originals() {
		for _, told := range []data.Disclosure{"", data.DiscloseTitles, data.DiscloseCount} {
			f := anna(3)
			f.Patron.First, f.Patron.Last = "Zoë", "Müller-Lüdenscheidt"
			f.Also = anna(1).Loans
			if told != "" {
				f.Role, f.Disclosure = data.RoleGuardian, told
			}
			r := render(t, tpl, f)
			m, err := mail.Compose(mail.Text{
				From: data.From{Address: "library@school.example.org", Name: "Schulbücherei am Lindenhof", ReplyTo: "desk@school.example.org"},
				To:   []string{"zoe@example.org"}, Subject: r.Subject, Text: r.Text, HTML: r.HTML, Class: data.ClassNotice,
				Now: time.Date(2026, 11, 27, 6, 30, 0, 0, time.FixedZone("", 3600)),
			})
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(m.Body)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, posted{name: fmt.Sprintf("%s %s %s", tpl.Key, tpl.Language, told), r: r, raw: append(m.Header, body...)})
		}
	}
	return all
}

// TestReadElsewhere has Python's email package read every shipped letter in every language.
func TestReadElsewhere(t *testing.T) {
	python := program(t, "python3")
	const reader = `import email, email.policy, json, sys
for raw in json.load(sys.stdin):
    m = email.message_from_bytes(raw.encode('latin-1'), policy=email.policy.default)
    print(json.dumps({'subject': m['Subject'], 'type': m.get_content_type(), 'auto': m['Auto-Submitted'],
        'text': m.get_body(('plain',)).get_content(), 'html': m.get_body(('html',)).get_content(),
        'defects': [repr(d) for p in m.walk() for d in p.defects]}))
`
	mails := everyMail(t)
	raws := make([]string, len(mails))
	for i, m := range mails {
		runes := make([]rune, len(m.raw)) // octets as the characters of Latin-1, for JSON
		for j, b := range m.raw {
			runes[j] = rune(b)
		}
		raws[i] = string(runes)
	}
	in, err := json.Marshal(raws)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), python, "-c", reader)
	var said bytes.Buffer
	c.Stdin, c.Stderr = bytes.NewReader(in), &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.Bytes())
	}
	d := json.NewDecoder(bytes.NewReader(out))
	for _, m := range mails {
		var got struct {
			Subject string   `json:"subject"`
			Type    string   `json:"type"`
			Auto    string   `json:"auto"`
			Text    string   `json:"text"`
			HTML    string   `json:"html"`
			Defects []string `json:"defects"`
		}
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		lines := strings.NewReplacer("\r\n", "\n")
		want(t, m.name+": the subject", got.Subject, m.r.Subject)
		want(t, m.name+": the text", lines.Replace(got.Text), m.r.Text)
		want(t, m.name+": the HTML", lines.Replace(got.HTML), m.r.HTML)
		want(t, m.name+": the type", got.Type+" "+got.Auto, "multipart/alternative auto-generated")
		if len(got.Defects) > 0 {
			t.Errorf("%s: %v", m.name, got.Defects)
		}
	}
}

// TestSpamScore has SpamAssassin judge every shipped letter by its local rules: all as one mailbox, as a start takes
// longer than a letter.
func TestSpamScore(t *testing.T) {
	judge := program(t, "spamassassin")
	if testing.Short() {
		t.Skip("SpamAssassin takes a while")
	}
	mails := everyMail(t)
	var box bytes.Buffer
	for _, m := range mails {
		box.WriteString("From library@school.example.org Fri Nov 27 06:30:00 2026\n")
		box.WriteString(regexp.MustCompile(`(?m)^From `).ReplaceAllString(strings.ReplaceAll(string(m.raw), "\r\n", "\n"), ">From ") + "\n")
	}
	// One that it must find shows that it judges at all.
	box.WriteString("From x Fri Nov 27 06:30:00 2026\nMessage-ID: <spam@example.org>\nSubject: a\n\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n")
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	c := exec.CommandContext(ctx, judge, "--local", "--mbox", "--cf=use_bayes 0", "--cf=report_safe 0")
	c.Env = append(c.Environ(), "HOME="+t.TempDir())
	var said bytes.Buffer
	c.Stdin, c.Stderr = &box, &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.Bytes())
	}
	found := map[string][]string{} // by Message-ID: it orders the mails anew
	for _, m := range regexp.MustCompile(`(?s)\nX-Spam-Status: \w+, score=(-?[0-9.]+) (.*?)\nMessage-ID:\s+(\S+)`).FindAllStringSubmatch(string(out), -1) {
		found[m[3]] = m
	}
	if spam := found["<spam@example.org>"]; len(found) != len(mails)+1 || spam == nil || !strings.Contains(spam[2], "GTUBE") {
		t.Fatalf("%d of %d mails were judged\n%s", len(found), len(mails)+1, said.Bytes())
	}
	worst := -100.0
	for _, m := range mails {
		got := found[regexp.MustCompile(`(?m)^Message-ID:\s+(\S+)`).FindStringSubmatch(string(m.raw))[1]]
		if got == nil {
			t.Errorf("%s was not judged", m.name)
			continue
		}
		score, err := strconv.ParseFloat(got[1], 64)
		if err != nil || score >= 1 {
			t.Errorf("%s: %s", m.name, got[0])
		}
		if score > worst {
			worst = score
			t.Logf("%s: %s", m.name, got[0])
		}
	}
	t.Logf("measured: the worst of %d letters has %.1f points", len(mails), worst)
}
