package mail_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

// more is said in place of items left out.
const more = "... und %d weitere"

// link is a way to another program: its address, and the names its fields have there.
type link struct {
	name    string
	make    func([]string, string, mail.Note) (string, bool, error)
	to      string // empty: the path
	subject string
	fields  []string
}

var links = []link{
	{"mailto", mail.Mailto, "", "subject", []string{"body", "subject"}},
	{"Gmail", mail.GmailURL, "to", "su", []string{"body", "fs", "su", "to", "view"}},
	{"Outlook", mail.OutlookURL, "to", "subject", []string{"body", "subject", "to"}},
}

// opened is what the program at the other end reads.
type opened struct {
	To      []string `json:"to"`
	Subject string   `json:"subject"`
	Body    string   `json:"body"`
}

// open reads a link as net/url does, and looks at what holds for every link.
func (l link) open(t *testing.T, address string) opened {
	t.Helper()
	if len(address) > 1800 {
		t.Fatalf("%d characters: %s", len(address), address)
	}
	for _, c := range []byte(address) {
		if c <= ' ' || c > '~' || strings.IndexByte(`+"'<>\^{|}#`+"`", c) >= 0 {
			t.Fatalf("%q stands in %s", c, address)
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, values := range q {
		names = append(names, name)
		if len(values) != 1 {
			t.Fatalf("%s is there %d times", name, len(values))
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, l.fields) || u.Fragment != "" {
		t.Fatalf("fields %q in %s", names, address)
	}
	to := u.Opaque
	if l.to != "" {
		_, to, _ = strings.Cut(u.RawQuery, l.to+"=")
		to, _, _ = strings.Cut(to, "&")
	}
	got := opened{Subject: q.Get(l.subject), Body: q.Get("body")}
	for part := range strings.SplitSeq(to, ",") {
		one, err := url.PathUnescape(part)
		if err != nil {
			t.Fatal(err)
		}
		got.To = append(got.To, one)
	}
	if rest := strings.ReplaceAll(got.Body, "\r\n", ""); strings.ContainsAny(rest, "\r\n\x00") {
		t.Fatalf("a line break of another kind in %q", got.Body)
	}
	return got
}

func crlf(n mail.Note) string { return strings.ReplaceAll(n.String(), "\n", "\r\n") }

func TestMailto(t *testing.T) {
	t.Run("a letter is written as RFC 6068 has it", func(t *testing.T) {
		n := mail.ParseNote("Grüß dich,\n\n100% & mehr? \"+1\" #2 'ja'", more)
		got, cut, err := mail.Mailto([]string{"anna+lib@example.org"}, "Bücher = 2", n)
		want := "mailto:anna%2Blib@example.org?subject=B%C3%BCcher%20%3D%202&body=Gr%C3%BC%C3%9F%20dich%2C%0D%0A%0D%0A" +
			"100%25%20%26%20mehr%3F%20%22%2B1%22%20%232%20%27ja%27"
		if got != want || cut || err != nil {
			t.Errorf("%s, %v, %v", got, cut, err)
		}
	})
	t.Run("what does not fit is left out of the list, and said", func(t *testing.T) {
		lines := []string{"Dear Ada,", "", "these are due:", ""}
		for i := range 60 {
			lines = append(lines, fmt.Sprintf("- Book %02d (Somebody), due 24 November 2026", i))
		}
		lines = append(lines, "", "Your library")
		for _, l := range links {
			address, cut, err := l.make([]string{"ada@example.org"}, "Your loans", mail.ParseNote(strings.Join(lines, "\n"), "... and %d more"))
			if err != nil || !cut {
				t.Fatalf("%s: %v, %v", l.name, cut, err)
			}
			if len(address) < 1700 {
				t.Errorf("%s: only %d characters are used", l.name, len(address))
			}
			body := l.open(t, address).Body
			kept := strings.Count(body, "\r\n- Book ")
			if !strings.HasPrefix(body, "Dear Ada,\r\n\r\nthese are due:\r\n\r\n- Book 00") || !strings.HasSuffix(body, fmt.Sprintf("\r\n... and %d more\r\n\r\nYour library", 60-kept)) {
				t.Errorf("%s: %d kept: %q", l.name, kept, body)
			}
		}
	})
	t.Run("a text without a list ends where the room ends", func(t *testing.T) {
		for _, text := range []string{strings.Repeat("One line of a long letter.\n", 200), strings.Repeat("語", 3000), "Dear Ada,\n" + strings.Repeat("on and on ", 900)} {
			address, cut, err := mail.Mailto([]string{"ada@example.org"}, "x", mail.ParseNote(text, more))
			if err != nil || !cut {
				t.Fatal(cut, err)
			}
			body := links[0].open(t, address).Body
			start, _ := strings.CutSuffix(body, "...")
			if start == body || len(address) < 1500 || !strings.HasPrefix(strings.ReplaceAll(text, "\n", "\r\n"), start) {
				t.Errorf("%d characters: %q", len(address), body)
			}
		}
	})
	t.Run("what is no address is refused", func(t *testing.T) {
		for _, to := range [][]string{nil, {""}, {"ada"}, {"ada@example.org?bcc=x@example.org&a", "b"}, {"a@example.org,b@example.org"}, {"a@example.org\r\nBcc: x"}, slices.Repeat([]string{"ada.fennimore@example.org"}, 60)} {
			for _, l := range links {
				if got, _, err := l.make(to, "x", mail.Note{}); data.CodeOf(err) != data.CodeBadAddress || got != "" {
					t.Errorf("%s, %q: %s, %v", l.name, to, got, err)
				}
			}
		}
	})
	t.Run("the list is the longest run of lines with a dash", func(t *testing.T) {
		n := mail.ParseNote("- one\nhead\r\n- a\r- b\n- c\x00\ntail\n-not", more)
		if !slices.Equal(n.Head, []string{"- one", "head"}) || !slices.Equal(n.Items, []string{"- a", "- b", "- c"}) || !slices.Equal(n.Tail, []string{"tail", "-not"}) {
			t.Errorf("%+v", n)
		}
		if n := mail.ParseNote("", more); n.String() != "" || len(n.Items) != 0 {
			t.Errorf("%+v", n)
		}
	})
}

// TestMailtoIsRead lets two readers that are not ours read what was written, net/url and Python's urllib.
func TestMailtoIsRead(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	const reader = `import json, sys, urllib.parse as u
for line in sys.stdin:
    s = u.urlsplit(json.loads(line))
    q = u.parse_qs(s.query, keep_blank_values=True, strict_parsing=True, errors='strict')
    raw = s.path if s.scheme == 'mailto' else dict(p.split('=', 1) for p in s.query.split('&'))['to']
    print(json.dumps({'to': [u.unquote(t, errors='strict') for t in raw.split(',')],
        'subject': (q.get('subject') or q.get('su'))[0], 'body': q['body'][0]}))
`
	var in bytes.Buffer
	var mine []opened
	r := rand.New(rand.NewPCG(4, 20261122))
	for range 400 {
		to := anyAddresses(r)
		subject, n := "S"+anyText(r, 30), mail.ParseNote("B"+anyText(r, 40)+anyList(r)+anyText(r, 60), more)
		for _, l := range links {
			address, cut, err := l.make(to, subject, n)
			if err != nil {
				t.Fatal(err)
			}
			got := l.open(t, address)
			if want := data.Clean(subject, 300); !slices.Equal(got.To, to) || !cut && got.Body != crlf(n) || got.Subject != want && !strings.HasSuffix(got.Subject, "...") {
				t.Fatalf("%q, %q, %q came back as %+v", to, subject, crlf(n), got)
			}
			mine = append(mine, got)
			if err := json.NewEncoder(&in).Encode(address); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := exec.CommandContext(t.Context(), python, "-c", reader)
	var said bytes.Buffer
	c.Stdin, c.Stderr = &in, &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.Bytes())
	}
	d := json.NewDecoder(bytes.NewReader(out))
	for i, want := range mine {
		var got opened
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.To, want.To) || got.Subject != want.Subject || got.Body != want.Body {
			t.Fatalf("link %d: net/url reads %+v, urllib %+v", i, want, got)
		}
	}
}

// anyText is up to so many characters of all kinds that do harm in links.
func anyText(r *rand.Rand, most int) string {
	const kinds = "aZ0 .-_~+&=?#%/:;@,!$'()*[]<>\"\\`|^{}äßéñ—„語😀\n\t"
	all := []rune(kinds)
	var b strings.Builder
	for range r.IntN(most) {
		b.WriteRune(all[r.IntN(len(all))])
	}
	return b.String()
}

func anyList(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(50) {
		b.WriteString("\n- " + strings.ReplaceAll(anyText(r, 60), "\n", " "))
	}
	return b.String() + "\n"
}

func anyAddresses(r *rand.Rand) []string {
	all := []string{"a@example.org", "a+b@example.org", "o'neil&co@example.org", "100%@example.org", "müller@example.org", `"a, b"@example.org`, "x=y?z#w@[192.0.2.1]"}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+r.IntN(3)]
}

// FuzzMailto: whatever is written, it is read again or said to be cut, and no field is made out of text.
func FuzzMailto(f *testing.F) {
	f.Add("a+b@example.org", "Überfällig & mehr", "Hallo\n- Buch\n- Heft\nGruß")
	f.Add("a@example.org", "&bcc=x@example.org", strings.Repeat("- 語\n", 300))
	f.Add(`"a?bcc=b,c"@example.org`, "\r\nBcc: x", "\x00\u2028\r")
	f.Fuzz(func(t *testing.T, to, subject, text string) {
		a, err := data.ParseAddress(to)
		n := mail.ParseNote(text, more)
		for _, l := range links {
			address, cut, wrong := l.make([]string{to}, subject, n)
			if (wrong != nil) != (err != nil) {
				t.Fatalf("%v, but %v", wrong, err)
			}
			if wrong != nil {
				continue
			}
			got := l.open(t, address)
			if len(got.To) != 1 || got.To[0] != a.String() {
				t.Fatalf("to %q, not %q", got.To, a)
			}
			if cut == (got.Body == crlf(n)) {
				t.Fatalf("cut %v: %q of %q", cut, got.Body, crlf(n))
			}
		}
	})
}
