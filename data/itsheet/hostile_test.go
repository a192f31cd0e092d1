package itsheet_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/itsheet"
)

func TestAskedOfMicrosoft(t *testing.T) {
	for promise, c := range map[string]struct {
		change func(v *data.Server)
		words  []string
		not    string
	}{
		"a sign-in in the browser needs both the registration and Authenticated SMTP": {
			func(v *data.Server) {
				v.SignIn, v.ClientID, v.Tenant = data.SignInMicrosoft, "1234-client", "lincoln.example"
			},
			[]string{"1234-client", "lincoln.example", "SMTP.Send", "Grant admin consent", "Authenticated SMTP", "Set-CASMailbox"}, "SMTP.SendAsApp",
		},
		"who signs in as an app is to be registered in Exchange and let into the mailbox": {
			func(v *data.Server) {
				v.SignIn, v.ClientID, v.Tenant = data.SignInMicrosoftApp, "1234-client", "lincoln.example"
			},
			[]string{"SMTP.SendAsApp", "1234-client", "Grant admin consent", "New-ServicePrincipal", "Add-MailboxPermission", "FullAccess", "Authenticated SMTP"}, "One of these",
		},
		"a sign-in with Google names the client and the rule that must let it": {
			func(v *data.Server) {
				v.Host, v.SignIn, v.ClientID = "smtp.gmail.com", data.SignInGoogle, "1234.apps.example"
			},
			[]string{"1234.apps.example", "Desktop app", "Internal", "https://mail.google.com/", "API controls", "Trusted"}, "One of these",
		},
		"where nothing was chosen, a sign-in in the browser needs Authenticated SMTP, too": {
			func(v *data.Server) { v.SignIn = data.SignInNone },
			[]string{"One of these is needed", "an app registration of the school in Entra, and \"Authenticated SMTP\" on for this mailbox"}, "SMTP.SendAsApp",
		},
	} {
		t.Run(promise, func(t *testing.T) {
			f := school(t)
			c.change(&f.Settings.Server1)
			f.Servers = [2]data.ServerState{}
			s := itsheet.New(f)
			said := strings.Join(strings.Fields(s.Text()), " ")
			for _, words := range c.words {
				if !strings.Contains(said, words) {
					t.Errorf("%q is missing in\n%s", words, s.Text())
				}
			}
			if strings.Contains(said, c.not) {
				t.Errorf("%q is on it:\n%s", c.not, s.Text())
			}
		})
	}
}

// TestHostileFacts: what people and servers write must neither run off the paper nor be left out of it.
func TestHostileFacts(t *testing.T) {
	f := school(t)
	set := &f.Settings
	set.Library.Name = "Bücherei Straße Ñandú Łódź Ελλάς Москва " + strings.Repeat("very long name ", 12) + "END-OF-NAME"
	set.Library.Address = strings.Repeat("Long Street 12\n", 10) + "END-OF-ADDRESS"
	set.From.Name = strings.Repeat("N", 150) + "END-OF-FROM"
	f.Computer = strings.Repeat("computer-", 20) + "END"
	f.Addresses = []string{"2001:db8::1234:5678:9abc:def0", "fe80::1", "192.0.2.1"}
	f.TestedOn, f.TestSaid = time.Now(), strings.Repeat("x", 400)+"\x1b[31m"
	f.Servers[1] = data.ServerState{Server: 2, Since: time.Now(), Outcome: data.Outcome{Phase: data.PhaseDot, Code: 554, Line: strings.Repeat("spam ", 90) + "\u202e\x07", Sentence: "Refused."}}
	for range 30 {
		f.Check.Findings = append(f.Check.Findings, data.SenderFinding{
			Part: data.SenderSPF, Finding: data.FindingBad, Sentence: strings.Repeat("A long sentence about it. ", 20), Raw: []string{strings.Repeat("a", 5000), "x\x1b[2J", strings.Repeat("ü", 500)},
		})
	}
	f.Check.Publish = append(f.Check.Publish, data.DNSRecord{Name: "school.test", Type: "TXT", Value: "v=spf1 " + strings.Repeat("include:some.long.name.test ", 30) + "~all", Why: "Why."})
	s := itsheet.New(f)
	text := s.Text()
	if strings.ContainsAny(text, "\x1b\x07\u202e") {
		t.Error("codes for terminals are in it")
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	paper := together(printed(t, &s))
	for word := range strings.FieldsSeq(text) {
		if word = together(word); strings.HasPrefix(word, "____") || len(word) == 2 && word[1] == '.' {
			continue
		}
		if !strings.Contains(strings.ToLower(paper), strings.ToLower(word)) {
			t.Errorf("%q is not on the paper", word)
		}
	}
}

// together leaves out what paper breaks lines at.
func together(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\f", "", "-", "", "[", "", "]", "", "ς", "σ", "Σ", "σ").Replace(s)
}
