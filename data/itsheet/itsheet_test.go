package itsheet_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/itsheet"
)

const (
	secretPassword = "Tr0ub4dor-password"
	secretSealed   = data.SealedPrefix + "c2VhbGVkLXNlY3JldA"
	secretToken    = "ya29.token-of-the-mailbox"
	secretClient   = "client~secret~of~the~app"
)

// school is a school with everything filled in, secrets too.
func school(t testing.TB) *itsheet.Facts {
	t.Helper()
	set, problems := data.ParseSettings(map[string]string{
		"server1.host": "smtp.office365.com", "server1.user": "library@lincoln.school.test", "server1.recipients_per_day": "9000", "server1.ehlo": "library-pc.lincoln.school.test",
		"server2.host": "relay.lincoln.school.test", "server2.port": "25", "server2.auth": "none",
		"from.address": "library@lincoln.school.test", "from.name": "Lincoln School Library", "library.name": "Lincoln School Library",
		"library.phone": "+1 555 0100", "library.address": "12 Oak Street\nSpringfield", "test_to": "it@lincoln.school.test",
	})
	if problems.Refused() {
		t.Fatal(problems)
	}
	for n := 1; n <= 2; n++ {
		v := set.Server(n)
		v.Sealed, v.Password, v.Token = secretSealed, data.Secret(secretPassword), data.Secret(secretToken)
		v.ClientSealed, v.ClientSecret = secretSealed, data.Secret(secretClient)
	}
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	f := &itsheet.Facts{
		Settings: set, Now: now, Version: "1.0", System: "Windows (amd64)", Computer: "LIBRARY-PC", Addresses: []string{"10.1.20.14"}, PublicIP: "203.0.113.9",
		Patrons: 1240, Usual: 62, Most: 310, TestedOn: now.Add(-time.Hour), TestSaid: "Microsoft has switched off this kind of sign-in for your school.",
		Check: &data.SenderReport{
			At: now, From: set.From.Address, Domain: "lincoln.school.test", Provider: "Microsoft 365", Finding: data.FindingBad,
			Sentence: "Mail from library@lincoln.school.test may be refused or land in junk: one thing is not good.",
			Findings: []data.SenderFinding{
				{Part: data.SenderFrom, Finding: data.FindingGood, Sentence: "From and the account that signs in are both of lincoln.school.test."},
				{Part: data.SenderMX, Finding: data.FindingGood, Sentence: "Mail for lincoln.school.test goes to Microsoft 365.", Raw: []string{"lincoln.school.test MX 0 lincoln-school-test.mail.protection.outlook.com"}},
				{Part: data.SenderSPF, Finding: data.FindingBad, Sentence: "The SPF record of lincoln.school.test does not name Microsoft 365: receivers hold mail of the school that comes from there for forged.", Raw: []string{"lincoln.school.test TXT v=spf1 mx include:_spf.google.com -all"}},
				{Part: data.SenderDKIM, Finding: data.FindingGood, Sentence: "A key for signing the mail of lincoln.school.test is published (selector selector1).", Raw: []string{"selector1._domainkey.lincoln.school.test TXT v=DKIM1; k=rsa; p=" + strings.Repeat("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", 12)}},
				{Part: data.SenderDMARC, Finding: data.FindingLook, Sentence: "lincoln.school.test has no DMARC record: large mail services trust its mail less, and forgers more easily pass for the school."},
				{Part: data.SenderPTR, Finding: data.FindingGood, Sentence: "The internet address 203.0.113.9 has the name relay.lincoln.school.test, and the name leads back to it."},
			},
			Publish: []data.DNSRecord{
				{Name: "lincoln.school.test", Type: "TXT", Value: "v=spf1 mx include:_spf.google.com include:spf.protection.outlook.com -all", Replaces: []string{"v=spf1 mx include:_spf.google.com -all"}, Why: "Lets Microsoft 365 send for the school (SPF). There must be only one such record."},
				{Name: "_dmarc.lincoln.school.test", Type: "TXT", Value: "v=DMARC1; p=none; rua=mailto:postmaster@lincoln.school.test", Why: "Says what receivers do with forged mail (DMARC): to begin with nothing. Reports go to postmaster, a mailbox IT reads."},
			},
		},
	}
	f.Servers[0] = data.ServerState{Server: 1, Since: now.Add(-2 * time.Hour), Outcome: data.Outcome{
		Phase: data.PhaseAuth, Code: 535, Enhanced: "5.7.139", Sentence: "Microsoft has switched off this kind of sign-in for your school.",
		Line: "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled; child@pupils.school.test",
	}}
	return f
}

func TestSheet(t *testing.T) {
	f := school(t)
	s := itsheet.New(f)
	text := s.Text()
	t.Run("it has nine parts, filled in from what is known", func(t *testing.T) {
		if len(s.Parts) != 9 {
			t.Fatal(len(s.Parts))
		}
		for _, words := range []string{
			"Lincoln School Library", "+1 555 0100", "library@lincoln.school.test", "LIBRARY-PC", "10.1.20.14", "203.0.113.9", "Windows", "1.0",
			"smtp.office365.com port 587", "relay.lincoln.school.test port 25", "library-pc.lincoln.school.test", "1,240 readers", "about 62", "310", "10 messages every 3 minutes",
			"9,000 recipients", "30 messages a minute", "Authenticated SMTP", "December 2026", "does not name", "include:spf.protection.outlook.com -all",
			"in place of: v=spf1 mx", "535 5.7.139", "IMAP", "[ ] STARTTLS (587)",
		} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), words) {
				t.Errorf("%q is missing in\n%s", words, text)
			}
		}
	})
	t.Run("lines are short enough for an e-mail, but what a machine reads stays whole", func(t *testing.T) {
		for l := range strings.SplitSeq(text, "\n") {
			if len([]rune(l)) > 78 && !strings.Contains(l, " TXT ") && !strings.Contains(l, " MX ") && !strings.Contains(l, "in place of") && !strings.Contains(l, "535") {
				t.Errorf("%q", l)
			}
		}
	})
	t.Run("the error of a server names no reader", func(t *testing.T) {
		if strings.Contains(text, "child@") || !strings.Contains(text, "***@pupils.school.test") {
			t.Error(text)
		}
	})
	t.Run("it holds no password, no token and no client secret, in no form", func(t *testing.T) {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		whole := text + string(b) + printed(t, &s)
		for _, secret := range []string{secretPassword, secretSealed, secretToken, secretClient, data.SealedPrefix} {
			if strings.Contains(whole, secret) {
				t.Errorf("%q is on it", secret)
			}
		}
		if f.Settings.Server1.Password.Reveal() != secretPassword {
			t.Error("there was nothing to find")
		}
	})
	t.Run("printed it says the same as the text", func(t *testing.T) {
		if _, err := exec.LookPath("pdftotext"); err != nil {
			t.Skip("pdftotext is not installed")
		}
		words := strings.Join(strings.Fields(printed(t, &s)), " ")
		for _, want := range []string{"Request to our IT department", "Lincoln School Library", "smtp.office365.com port 587", "does not name", "SmtpClientAuthentication", "Answer, to be returned"} {
			if !strings.Contains(words, want) {
				t.Errorf("%q is missing in %s", want, words)
			}
		}
	})
	t.Run("nothing known yet makes a sheet to fill in, not one with holes", func(t *testing.T) {
		empty := itsheet.New(&itsheet.Facts{Settings: data.DefaultSettings(), Now: f.Now})
		said := empty.Text()
		for _, words := range []string{"not known yet; please tell us", "If Microsoft 365", "If Google", "not made yet", "none yet", "none was sent yet"} {
			if !strings.Contains(said, words) {
				t.Errorf("%q is missing in\n%s", words, said)
			}
		}
		for i, p := range empty.Parts {
			for _, l := range p.Lines {
				if l.Text == "" && !l.Blank {
					t.Errorf("part %d: %+v", i+1, l)
				}
			}
		}
	})
	for promise, c := range map[string]struct {
		change func(s *data.Settings)
		words  []string
	}{
		"Google is asked for what Google needs":       {func(s *data.Settings) { s.Server1.Host = "smtp.gmail.com" }, []string{"app passwords", "2,000 recipients"}},
		"the relay of Google is asked for an address": {func(s *data.Settings) { s.Server1.Host, s.Server1.Auth = "smtp-relay.gmail.com", data.AuthNone }, []string{"SMTP relay service", "none: please let this computer"}},
		"a relay of the school needs no login":        {func(s *data.Settings) { s.Server1.Host, s.Server1.Auth = "relay.lincoln.school.test", data.AuthNone }, []string{"School relay", "without a login"}},
		"who signs in by browser asks for that":       {func(s *data.Settings) { s.Server1.SignIn = data.SignInMicrosoft }, []string{"sign-in with Microsoft", "login.microsoftonline.com"}},
		"who signs in as an app asks for that": {func(s *data.Settings) {
			s.Server1.SignIn, s.Server1.SignInAddress = data.SignInMicrosoftApp, "https://login.microsoftonline.us"
		}, []string{"SMTP.SendAsApp", "login.microsoftonline.us"}},
	} {
		t.Run(promise, func(t *testing.T) {
			f := school(t)
			c.change(&f.Settings)
			s := itsheet.New(f)
			for _, words := range c.words {
				if !strings.Contains(strings.Join(strings.Fields(s.Text()), " "), words) {
					t.Errorf("%q is missing in\n%s", words, s.Text())
				}
			}
		})
	}
}

// printed is the text of the sheet on paper, where pdftotext is there to read it; else the file as it is.
func printed(t *testing.T, s *itsheet.Sheet) string {
	t.Helper()
	var b bytes.Buffer
	for _, size := range []string{"Letter", "A4"} {
		b.Reset()
		if err := s.PDF(&b, size); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
			t.Fatal(err, b.Len())
		}
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		return b.String()
	}
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if keep := os.Getenv("KEEP_SHEET"); keep != "" {
		file = keep
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
