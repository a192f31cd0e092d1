package main

import (
	"crypto/tls"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
)

// TestSentences drives every known refusal through a socket and reads what a librarian would read.
func TestSentences(t *testing.T) {
	t.Parallel()
	type row struct {
		name   string
		verb   string // where the server says it
		answer string
		says   string // of the sentence
		state  data.State
	}
	const wait, fail = data.Waiting, data.Failed
	rows := []row{
		{"421 busy", "MAIL", "421 4.3.0 System busy", "busy", wait},
		{"4.4.5 congestion", "DATA", "451 4.4.5 System congestion", "busy", wait},
		{"421 unusual rate", "MAIL", "421 4.7.0 Our system has detected an unusual rate of mail", "too fast", wait},
		{"530 must issue STARTTLS", "MAIL", "530 5.7.0 Must issue a STARTTLS command first", "protected connection", wait},
		{"432 concurrent connections", "MAIL", "432 4.3.2 Concurrent connections limit exceeded", "connections", wait},
		{"greylisting", "RCPT", "450 4.7.1 Greylisted, please try again later", "come back later", wait},
		{"451 4.7.x", "RCPT", "451 4.7.500 Server busy, come back", "come back later", wait},
		{"450 recipient rate", "RCPT", "450 4.2.1 The user is receiving mail at a rate that prevents delivery", "come back later", wait},
		{"452 mailbox over quota", "RCPT", "452 4.2.2 The recipient is over quota", "full", wait},
		{"552 mailbox full is retried", "RCPT", "552 5.2.2 Mailbox full", "full", wait},
		{"too many recipients", "RCPT", "452 4.5.3 Too many recipients", "Too many recipients", wait},
		{"454 sign-in service", "AUTH", "454 4.7.0 Temporary authentication failure", "out of order", wait},
		{"530 not authenticated", "MAIL", "530 5.7.1 Authentication required", "user name", wait},
		{"5.7.57 not authenticated", "MAIL", "530 5.7.57 Client not authenticated to send mail", "user name", wait},
		{"534 app password", "AUTH", "534 5.7.9 Application-specific password required", "app password", wait},
		{"534 browser", "AUTH", "534 5.7.14 Please log in via your web browser", "browser", wait},
		{"535 wrong password", "AUTH", "535 5.7.8 Username and Password not accepted", "password is wrong", wait},
		{"535 5.7.3", "AUTH", "535 5.7.3 Authentication unsuccessful", "password is wrong", wait},
		{"bare 535", "AUTH", "535 Error", "password is wrong", wait},
		{"535 5.7.139", "AUTH", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant", "Microsoft has switched off", wait},
		{"550 5.7.30", "AUTH", "550 5.7.30 Basic authentication is not supported for Client Submission", "Microsoft no longer", wait},
		{"538 encryption needed", "AUTH", "538 5.7.11 Encryption required for requested authentication mechanism", "protected connection", wait},
		{"5.1.1 user unknown", "RCPT", "550 5.1.1 User unknown", "does not exist", fail},
		{"5.1.10", "RCPT", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "does not exist", fail},
		{"5.1.2 no such domain", "RCPT", "550 5.1.2 Bad destination system: no such domain", "no mail at", fail},
		{"5.2.1 mailbox closed", "RCPT", "550 5.2.1 The account is disabled", "closed", fail},
		{"5.4.5 daily limit", "DOT", "550 5.4.5 Daily user sending quota exceeded", "allowance", wait},
		{"5.7.x daily limit", "MAIL", "550 5.7.1 Daily sending limit reached", "allowance", wait},
		{"554 5.2.0 quota", "DOT", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", "allowance", wait},
		{"5.7.60 send as", "DOT", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "may not send as", wait},
		{"5.2.252 SendAsDenied", "DOT", "554 5.2.252 SendAsDenied; not allowed to send as", "may not send as", wait},
		{"553 sender not owned", "MAIL", "553 5.7.1 Sender address rejected: not owned by user", "may not send as", wait},
		{"relaying denied", "RCPT", "550 5.7.1 Relaying denied", "own people", fail},
		{"spam policy", "DOT", "554 5.7.1 Message rejected as spam by content policy", "unwanted", fail},
		{"5.7.26", "DOT", "550 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass", "could not verify", fail},
		{"5.7.515", "DOT", "550 5.7.515 Access denied, sending domain does not meet the required authentication level", "could not verify", fail},
		{"5.7.509", "DOT", "550 5.7.509 Access denied, sending domain does not pass DMARC verification", "could not verify", fail},
		{"message too large", "DOT", "552 5.3.4 Message size exceeds fixed limit", "too large", fail},
		{"554 no SMTP service", "GREETING", "554 No SMTP service here", "refuses this computer", wait},
		{"554 5.2.0 other", "DOT", "554 5.2.0 Refused", "block list", fail},
		{"5.1.8 outbound sender", "MAIL", "550 5.1.8 Access denied, bad outbound sender", "Microsoft has blocked", wait},
		{"5.7.708", "MAIL", "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP", "Microsoft has blocked", wait},
		{"anything else, 4", "RCPT", "459 whatever", "", wait},
		{"anything else, 5", "RCPT", "559 whatever", "", fail},
		{"a code that is none", "RCPT", "999 whatever", "", wait},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			server := relaytest.Raw(t, relaytest.RawScript{
				Extensions: []string{"8BITMIME", "AUTH PLAIN LOGIN"},
				Answer: func(verb, _ string) string {
					if verb == r.verb {
						return r.answer
					}
					return relaytest.Default
				},
			})
			settings := []string{"server1.host=" + server.Host, "server1.port=" + strconv.Itoa(server.Port), "server1.security=none", "server1.allow_insecure=true", "from.address=library@example.org", "log.daily_at="}
			if r.verb == "AUTH" {
				settings = append(settings, "server1.user=library", "server1.password=secret")
			}
			d := newDesk(t, settings...)
			checkSentence(t, d, r.says, r.state, strings.TrimLeft(r.answer[3:], " 0123456789."))
		})
	}
	t.Run("no such host", func(t *testing.T) {
		d := newDesk(t, "server1.host=no-such-host.invalid", "from.address=library@example.org", "log.daily_at=")
		checkSentence(t, d, "does not exist", wait, "")
	})
	t.Run("nothing answers", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		_ = l.Close()
		d := newDesk(t, "server1.host=127.0.0.1", "server1.port="+strconv.Itoa(port), "from.address=library@example.org", "log.daily_at=")
		checkSentence(t, d, "Nothing answers", wait, "")
	})
	t.Run("a certificate nobody vouches for", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Security: data.SecuritySTARTTLS})
		d := newDesk(t, "server1.host="+server.Host, "server1.port="+strconv.Itoa(server.Port), "from.address=library@example.org", "log.daily_at=")
		checkSentence(t, d, "could not be confirmed", wait, "")
		if len(server.Mails()) > 0 {
			t.Fatal("it was spoken to all the same")
		}
	})
	t.Run("TLS at once where the server speaks in clear", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Security: data.SecuritySTARTTLS})
		d := newDesk(t, "server1.host="+server.Host, "server1.port="+strconv.Itoa(server.Port), "server1.security=tls", "from.address=library@example.org", "log.daily_at=")
		if o := checkSentence(t, d, "does not speak TLS from the first byte", wait, ""); o.Remedy != "Choose starttls as the protection." {
			t.Errorf("the remedy is %q", o.Remedy)
		}
	})
	t.Run("in clear where the server speaks TLS at once", func(t *testing.T) {
		t.Parallel() // takes as long as a server may hold back its greeting before it is asked
		server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS})
		d := newDesk(t, "server1.host="+server.Host, "server1.port="+strconv.Itoa(server.Port), "server1.security=starttls", "from.address=library@example.org", "log.daily_at=")
		if o := checkSentence(t, d, "is protected from the first byte", wait, ""); o.Remedy != "Choose tls as the protection." {
			t.Errorf("the remedy is %q", o.Remedy)
		}
		if said := server.Commands(); len(said) > 0 {
			t.Errorf("it was told %q", said)
		}
	})
	t.Run("only TLS 1.0", func(t *testing.T) {
		cert := relaytest.Certificate(t, relaytest.Identity{})
		server := relaytest.Start(t, relaytest.Script{Security: data.SecurityTLS, TLS: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}}) // #nosec G402 -- the old server is the test
		d := newDesk(t, "server1.host="+server.Host, "server1.port="+strconv.Itoa(server.Port), "server1.security=tls", "from.address=library@example.org", "log.daily_at=")
		checkSentence(t, d, "", wait, "")
	})
}

// checkSentence queues one message, runs one check, and reads the queue as a person's program would; it gives what came
// of the try.
func checkSentence(t *testing.T, d *desk, says string, state data.State, line string) data.Outcome {
	t.Helper()
	d.post("Overdue", "p@example.org")
	d.run("once")
	all := d.list()
	var e *entryView
	for i := range all {
		if all[i].Recipient == "p@example.org" {
			e = &all[i]
		}
	}
	if e == nil {
		t.Fatalf("the message is not in the queue: %+v", all)
	}
	var shown struct {
		entryView
		History []attemptView `json:"history"`
	}
	d.json(&shown, "queue", "show", strconv.FormatInt(e.ID, 10))
	if shown.State != string(state) {
		t.Errorf("state %s, want %s (%s)", shown.State, state, shown.Reason)
	}
	if shown.Reason == "" || !strings.Contains(strings.ToLower(shown.Reason), strings.ToLower(says)) {
		t.Errorf("reason %q, want something with %q", shown.Reason, says)
	}
	if shown.Remedy == "" {
		t.Error("nothing is said about what to do")
	}
	if len(shown.History) == 0 {
		t.Fatal("the try is not in the history")
	}
	last := shown.History[len(shown.History)-1].Outcome
	if line != "" && !strings.Contains(last.Line, strings.TrimSpace(line)) {
		t.Errorf("the server's own words are %q, want %q", last.Line, line)
	}
	if state == data.Waiting && !shown.Due.After(time.Now().Add(-time.Minute)) {
		t.Errorf("next try %s", shown.Due)
	}
	if strings.Contains(shown.Reason+shown.Remedy, "secret") {
		t.Error("the password is in it")
	}
	return last
}
