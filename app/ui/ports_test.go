package ui

import (
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestPortsRow(t *testing.T) {
	t.Run("it stands at the port, fills in what it found, and looks well in every size", func(t *testing.T) {
		b, w, p := settingsShown(t)
		typeIn(t, w, "Mail server (SMTP)", "mail.a-rather-long-name-of-a-school-district.example")
		b.Ports.Finds(data.PortsLook{
			Ports: []data.PortLook{{Port: 587, Sentence: "Nothing answers on port 587."}, {Port: 465, Answers: true, Security: data.SecurityTLS, Sentence: "A mail server answers on port 465 with TLS from the first byte."}, {Port: 25, Sentence: "Nothing answers on port 25."}},
			Best:  465, Security: data.SecurityTLS,
		}, nil)
		press(t, w, "Find port and protection")
		b.Settle()
		if said := words(w); p.s.Value("server1.port") != "465" || p.s.Value("server1.security") != "tls" || !strings.Contains(said, "answers on port 465, protected from the first byte (TLS). That is filled in now.") || !strings.Contains(said, "Unsaved changes") {
			t.Fatal(said)
		}
		looks(t, w, "ports-found", p.fields["server1.port"].object)
		tabOrder(t, w, "ports")
		rings(t, w, "ports")
	})
	t.Run("without protection there is a button that says so", func(t *testing.T) {
		b, w, p := settingsShown(t)
		b.Ports.Finds(data.PortsLook{Ports: []data.PortLook{{Port: 25, Answers: true, Security: data.SecurityNone, Sentence: "A mail server answers on port 25 with no protection."}}, Best: 25, Security: data.SecurityNone, Sentence: "It answers on port 25, but without protection: everybody on the way can read the mail.", Next: "Ask IT for a port with protection."}, nil)
		press(t, w, "Find port and protection")
		b.Settle()
		looks(t, w, "ports-unprotected", p.fields["server1.port"].object)
		press(t, w, "Use port 25 without protection")
		if p.s.Value("server1.port") != "25" || p.s.Value("server1.security") != "none" || strings.Contains(shownWords(w), "Use port 25 without protection") {
			t.Fatal(words(w))
		}
	})
	t.Run("looking can be stopped, and the window answers meanwhile", func(t *testing.T) {
		b, w, p := settingsShown(t)
		wait := make(chan struct{})
		b.Ports.Finds(data.PortsLook{Best: 465, Security: data.SecurityTLS}, wait)
		before := p.s.Value("server1.port")
		press(t, w, "Find port and protection")
		shot(t, w, "ports-looking")
		typeIn(t, w, "From address", "other@school.test")
		press(t, w, "Stop")
		close(wait)
		b.Settle()
		if said := words(w); p.s.Value("server1.port") != before || !strings.Contains(said, "Nothing was filled in.") {
			t.Fatal(said)
		}
	})
}
