package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway/school"
	"smtpgateway/service/sendercheck/dnstest"
	"smtpgateway/service/signin/signintest"
)

// browserSchools is a mail server that takes tokens of a real authorization server only, with a school on each of the
// two ways.
func browserSchools(t *testing.T, program string) {
	t.Helper()
	needsPrinter(t)
	web := signintest.StartReal(t, 2*time.Second) // so that the service renews its token at each check
	asks := strings.Replace(web.URL, "http://", "http://"+signintest.MailServerID+":"+signintest.MailServerSecret+"@", 1) + "/token/introspection"
	mail := school.Start(t, school.Tokens(asks, signintest.Mailbox))
	t.Run("Microsoft: signed in again when it is asked for, and whether the mail is trusted", func(t *testing.T) {
		microsoftSchool(t, program, web, mail)
	})
	t.Run("Google: with a client secret that nobody sees", func(t *testing.T) { googleSchool(t, program, web, mail) })
}

// browsing is the window of such a school, and the person who sits in front of the browser that it opens.
type browsing struct {
	*window

	t      *testing.T
	mail   *school.School
	web    *signintest.Real
	folder string
	opened string // file with what was opened, a line each
	seen   int
}

// newBrowsing opens the window on settings that hold no more than who sends, where a test goes, and where this cloud lies.
func newBrowsing(t *testing.T, program string, web *signintest.Real, mail *school.School, to string, zone dnstest.Zone) *browsing {
	t.Helper()
	b := &browsing{t: t, web: web, mail: mail}
	d := newDesk(t)
	d.quiet() // what is announced lies above what is to be pressed
	bin := filepath.Join(d.home, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	b.opened = filepath.Join(d.home, "opened")
	browser := "#!/bin/sh\nprintf '%s\\n' \"$1\" >>" + b.opened + "\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(browser), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	d.env = append(d.env, "SSL_CERT_FILE="+b.mail.CAFile, "PATH="+bin+":"+os.Getenv("PATH"), "SMTP_GATEWAY_NAMES="+dnstest.Start(t, zone).Address())
	b.folder = filepath.Join(d.home, "data")
	openStore(t, b.folder, map[string]string{"server1.signin_address": web.URL, "from.address": signintest.Mailbox, "test_to": to, "log.daily_at": "", "minutes_between_checks": "60"})
	t.Cleanup(func() { stopService(t, b.folder) })
	b.window = d.open(program, "--data", b.folder)
	return b
}

// signsIn is the person who clicks through what the browser shows.
func (b *browsing) signsIn(user string) {
	b.t.Helper()
	var lines []string
	b.until("the browser is opened", func() bool {
		text, err := os.ReadFile(b.opened)
		lines = strings.Split(strings.TrimSpace(string(text)), "\n")
		return err == nil && len(lines) > b.seen
	})
	b.seen = len(lines)
	who := signintest.NewPerson(b.t, user)
	if err := who.Open(lines[b.seen-1]); err != nil {
		b.t.Fatal(err)
	}
	if page := who.Page(); !strings.Contains(page, user) {
		b.t.Errorf("the browser's last page: %s", page)
	}
}

// leads presses what has these words, and once more as long as that leads nowhere: a click into a page that scrolls goes by.
func (b *browsing) leads(words, to string) {
	b.t.Helper()
	b.press(words)
	looks, last := 0, ""
	b.untilOr(fmt.Sprintf("%q after %q", to, words), func() bool {
		if last = b.words(); strings.Contains(last, to) {
			return true
		}
		if looks++; looks%20 == 0 && slices.ContainsFunc(b.spots(), func(s spot) bool { return s.Active && !s.Disabled && s.Words == words }) {
			b.press(words)
		}
		return false
	}, func() string { return last })
}

// revoke takes the sign-in back, as a person does on the pages of the service.
func (b *browsing) revoke() {
	b.t.Helper()
	st, err := house.Open(b.t.Context(), place.At(b.folder), false, store.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	values, _, err := st.Settings(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	in, _, err := st.SignIn(b.t.Context(), 1)
	if err != nil {
		b.t.Fatal(err)
	}
	set, _ := data.ParseSettings(values)
	token, err := house.OpenSignIn(place.At(b.folder))(set.Server1, in.Sealed)
	if err != nil {
		b.t.Fatal(err)
	}
	b.web.Revoke(b.t, set.Server1, token.Reveal())
}

// arrives waits for the one message that came with the token of the mailbox.
func (b *browsing) arrives(to string) school.Letter {
	b.t.Helper()
	l := b.mail.Arrived(b.t, to, 1)[0]
	b.mail.Said(b.t, l.QueueID()+": client=unknown[127.0.0.1], sasl_method=XOAUTH2, sasl_username="+signintest.Mailbox)
	return l
}

func microsoftSchool(t *testing.T, program string, web *signintest.Real, mail *school.School) {
	t.Helper()
	_, domain, _ := strings.Cut(signintest.Mailbox, "@")
	b := newBrowsing(t, program, web, mail, "tester@example.org", dnstest.Zone{domain: {dnstest.MX(0, "school.mail.protection.outlook.com"), dnstest.TXT("v=spf1 -all")}})
	b.key("ctrl+2")
	b.leads("Sign in with Microsoft", "Directory (tenant) ID")
	b.fill("Mail server (SMTP)", b.mail.Host)
	b.fill("Port", strconv.Itoa(b.mail.SubmissionPort))
	b.fill("User name", signintest.Mailbox)
	b.fill("Directory (tenant) ID", signintest.Tenant)
	b.fill("Client ID", signintest.PublicClientID)
	b.leads("Sign in with Microsoft and save", "Your browser shows Microsoft's page now.")
	b.signsIn(signintest.Mailbox)
	b.reads("Signed in as " + signintest.Mailbox + " since")
	b.shot("signed-in")
	b.press("Test")
	b.arrives("tester@example.org")
	b.reads("The mail server accepted the test message")

	b.revoke()
	b.key("ctrl+1")
	letter(t, b.folder, "first.TMP", "late@example.org")
	b.press("Send now")
	b.reads("Microsoft no longer accepts the sign-in")
	b.shot("revoked")
	b.leads("Sign in...", "Your browser shows Microsoft's page now.")
	b.signsIn(signintest.Mailbox)
	b.reads("Signed in as " + signintest.Mailbox + " since")
	b.arrives("late@example.org")
	b.readsNot("Microsoft no longer accepts the sign-in")

	b.trusted(domain)
	if code := b.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// trusted asks whether others trust the mail, reads a received one, and writes to IT.
func (b *browsing) trusted(domain string) {
	b.t.Helper()
	b.key("ctrl+7")
	b.leads("Check the sender", "Records to publish")
	b.shot("sender-check")
	b.leads("Copy all of it", "Copied. Paste it into a message")
	if got := b.pasted(); !strings.Contains(got, "_dmarc."+domain+" TXT v=DMARC1; p=none") {
		b.t.Errorf("copied: %s", got)
	}

	mail, err := filepath.Abs("../service/sendercheck/testdata/received/gmail.eml")
	if err != nil {
		b.t.Fatal(err)
	}
	b.leads("Open a saved mail...", "Choose the file")
	b.click("the path of the mail", lastEntry)
	b.types(mail)
	b.press("Choose this file")
	b.reads("mx.google.com received it and says so")
	b.reads("This mail is from library@google.test, not from the library's address " + signintest.Mailbox)

	b.leads("Request for IT...", "REQUEST TO OUR IT DEPARTMENT")
	b.press("Copy for a message")
	b.reads("Copied. Paste it into a message to your IT department")
	pdf := filepath.Join(b.home, "request.pdf")
	b.fill("File", pdf)
	b.press("Write the file")
	b.reads("The request is in " + pdf)
	if printed := b.tool("pdftotext", pdf, "-"); !strings.Contains(printed, signintest.Mailbox) || !strings.Contains(printed, "_dmarc."+domain) {
		b.t.Errorf("printed:\n%s", printed)
	}
	b.choose("Format", "Text")
	b.press("Write the file")
	text := filepath.Join(b.home, "request.txt")
	b.reads("The request is in " + text)
	if written, err := os.ReadFile(text); err != nil || !strings.Contains(string(written), "_dmarc."+domain) {
		b.t.Errorf("%v\n%s", err, written)
	}
	b.shot("request")
	b.key("Escape")
	if got := b.pasted(); !strings.Contains(got, "REQUEST TO OUR IT DEPARTMENT") {
		b.t.Errorf("copied: %s", got)
	}
}

// pasted puts what was copied into the field for a received mail, and reads it there.
func (b *browsing) pasted() string {
	b.t.Helper()
	got := ""
	b.until("what was copied, where it is pasted", func() bool {
		b.click("the field for a mail", lastEntry)
		b.key("ctrl+a", "ctrl+v")
		s, found := b.focused()
		got = strings.Join(strings.Fields(s.Words), " ")
		return found && s.Kind == "*ui.entry" && got != "" && !strings.HasPrefix(got, "The whole original")
	})
	return got
}

// lastEntry finds the field that comes last.
func lastEntry(all []spot) (at spot, found bool) {
	for _, s := range all {
		if s.Kind == "*ui.entry" && (!found || s.Layer > at.Layer || s.Layer == at.Layer && s.Y > at.Y) {
			at, found = s, true
		}
	}
	return at, found
}

func googleSchool(t *testing.T, program string, web *signintest.Real, mail *school.School) {
	t.Helper()
	b := newBrowsing(t, program, web, mail, "other@example.org", dnstest.Zone{})
	b.key("ctrl+2")
	b.leads("Sign in with Google", "Client secret")
	b.fill("Mail server (SMTP)", b.mail.Host)
	b.fill("Port", strconv.Itoa(b.mail.TLSPort))
	b.fill("User name", signintest.Mailbox)
	b.fill("Client ID", signintest.ClientID)
	b.fill("Client secret", signintest.ClientSecret)
	b.leads("Sign in with Google and save", "Your browser shows Google's page now.")
	b.signsIn(signintest.Mailbox)
	b.reads("Signed in as " + signintest.Mailbox + " since")
	b.press("Test")
	b.arrives("other@example.org")
	b.reads("The mail server accepted the test message")
	if said := b.words() + b.said(); strings.Contains(said, signintest.ClientSecret) {
		t.Error("the client secret is told")
	}
	if code := b.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
