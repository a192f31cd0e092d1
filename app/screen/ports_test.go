package screen_test

import (
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// answering is a server that answers on one port.
func answering(port int, security data.Security) data.PortsLook {
	return data.PortsLook{
		Ports: []data.PortLook{{Port: 587, Sentence: "Nothing answers on port 587."}, {Port: port, Answers: true, Security: security, Sentence: "A mail server answers."}},
		Best:  port, Security: security, Sentence: "It answers without protection.", Next: "Ask IT for a port with protection.",
	}
}

func portsOf(t *testing.T, host string) (*screentest.Bench, *screen.Settings, *screen.Ports) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Look()
	form := screen.NewSettings(b.Desk)
	form.Set("server1.host", host)
	return b, form, screen.NewPorts(b.Desk, form, 1)
}

func TestPorts(t *testing.T) {
	t.Run("a protected port is filled in with its protection, and said in words", func(t *testing.T) {
		b, form, p := portsOf(t, "mail.elsewhere.test")
		b.Ports.Finds(answering(465, data.SecurityTLS), nil)
		p.Look()
		b.Settle()
		said, next := p.Said()
		if form.Value("server1.port") != "465" || form.Value("server1.security") != "tls" || said.Mood != screen.MoodGood || !strings.Contains(said.Words, "mail.elsewhere.test answers on port 465, protected from the first byte (TLS)") || next == "" || p.Unprotected() != "" {
			t.Fatalf("%q %q %+v", form.Value("server1.port"), form.Value("server1.security"), said)
		}
		if got := b.Ports.Asked(); !slices.Equal(got, []string{"mail.elsewhere.test"}) || len(p.Each()) != 2 {
			t.Fatal(got, p.Each())
		}
		if b.Facts().Settings.Server1.Port == 465 || !form.Dirty() {
			t.Error("it was saved")
		}
	})
	t.Run("without protection nothing is filled in before the person says so", func(t *testing.T) {
		b, form, p := portsOf(t, "mail.elsewhere.test")
		port, security := form.Value("server1.port"), form.Value("server1.security")
		b.Ports.Finds(answering(25, data.SecurityNone), nil)
		p.Look()
		b.Settle()
		if said, next := p.Said(); form.Value("server1.port") != port || form.Value("server1.security") != security || said.Mood != screen.MoodWarn || next == "" {
			t.Fatalf("%+v", said)
		}
		if p.Unprotected() != "Use port 25 without protection" {
			t.Fatal(p.Unprotected())
		}
		p.UseUnprotected()
		if said, _ := p.Said(); form.Value("server1.port") != "25" || form.Value("server1.security") != "none" || said.Mood != screen.MoodWarn || p.Unprotected() != "" || form.Note("server1.security").Wrong {
			t.Fatalf("%+v %+v", said, form.Note("server1.security"))
		}
	})
	t.Run("what nothing answers is a sentence and what to do, and the fields stay", func(t *testing.T) {
		b, form, p := portsOf(t, "mail.elsewhere.test")
		port := form.Value("server1.port")
		b.Ports.Finds(data.PortsLook{Sentence: "Nothing answers.", Next: "Ask IT."}, nil)
		p.Look()
		b.Settle()
		if said, next := p.Said(); said.Mood != screen.MoodBad || said.Words != "Nothing answers." || next != "Ask IT." || form.Value("server1.port") != port {
			t.Fatalf("%+v %q", said, next)
		}
	})
	t.Run("it is looked once at a time, and stopped it fills in nothing", func(t *testing.T) {
		b, form, p := portsOf(t, "mail.elsewhere.test")
		port := form.Value("server1.port")
		wait := make(chan struct{})
		b.Ports.Finds(answering(465, data.SecurityTLS), wait)
		p.Look()
		p.Look()
		if said, _ := p.Said(); !p.Running() || said.Mood != screen.MoodBusy {
			t.Fatalf("%+v", said)
		}
		p.Stop()
		close(wait)
		b.Settle()
		if said, _ := p.Said(); p.Running() || form.Value("server1.port") != port || !strings.Contains(said.Words, "Nothing was filled in") || len(b.Ports.Asked()) > 1 {
			t.Fatalf("%+v", said)
		}
	})
	t.Run("the answer about a server that was typed over meanwhile is dropped", func(t *testing.T) {
		b, form, p := portsOf(t, "mail.elsewhere.test")
		port := form.Value("server1.port")
		wait := make(chan struct{})
		b.Ports.Finds(answering(465, data.SecurityTLS), wait)
		p.Look()
		form.Set("server1.host", "mail.third.test")
		close(wait)
		b.Settle()
		if said, _ := p.Said(); p.Running() || said.Words != "" || form.Value("server1.port") != port {
			t.Fatalf("%+v", said)
		}
	})
	t.Run("what was said goes when the port is typed over", func(t *testing.T) {
		b, form, p := portsOf(t, "mail.elsewhere.test")
		b.Ports.Finds(answering(465, data.SecurityTLS), nil)
		p.Look()
		b.Settle()
		form.Set("server1.port", "2525")
		if said, _ := p.Said(); said.Words != "" {
			t.Fatalf("%+v", said)
		}
	})
	for _, host := range []string{"", "mail server", "smtp://mail.school.test:25/"} {
		t.Run("what is no name of a server leads to its field, and nobody is asked: "+host, func(t *testing.T) {
			b, _, p := portsOf(t, host)
			var led string
			p.OnFocus = func(field string) { led = field }
			p.Look()
			b.Settle()
			if said, _ := p.Said(); led != "server1.host" || said.Words == "" || len(b.Ports.Asked()) != 0 {
				t.Fatalf("%q %+v", led, said)
			}
		})
	}
}
