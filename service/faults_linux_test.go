package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

func TestAnswerToTheDotIsLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promise string
		fate    fate
	}{
		{"swallowed: uncertain, the same Message-ID again, through the same server, and the history says so", swallow},
		{"reset after the server wrote 250: uncertain, the same Message-ID again", reset},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			server := relaytest.Raw(t, relaytest.RawScript{})
			other := relaytest.Start(t, relaytest.Script{})
			line := startCutter(t, server, "250 2.0.0 queued", c.fate, 1)
			d := newDesk(t, portSettings(line.port, "server2.host="+other.Host, "server2.port="+strconv.Itoa(other.Port), "server2.security=none")...)
			d.enqueue(named("a", "p@example.org"))
			g := d.gateway(gateway.Options{Timeouts: hasty()})
			d.check(g)
			e := d.to("p@example.org")
			if e.State != string(data.Waiting) || e.Uncertain != 1 || !strings.Contains(e.Reason, "may have arrived") {
				t.Errorf("%+v", e)
			}
			if e.last().Kind != data.KindUncertain || len(e.History) != 1 {
				t.Errorf("history: %+v", e.History)
			}
			if !e.Due.After(time.Now().Add(30 * time.Minute)) {
				t.Errorf("tried again soon: %s", e.Due)
			}
			if d.ok("queue", "retry", "--all"); d.to("p@example.org").Uncertain != 1 {
				t.Error("what may have arrived goes again without being named")
			}
			d.retryEach()
			d.check(g)
			if e := d.to("p@example.org"); e.State != string(data.Sent) || len(e.History) != 2 {
				t.Errorf("%+v", e)
			}
			got := server.Messages()
			if len(got) != 2 || got[0].ID() != got[1].ID() || got[0].ID() != "<a@example.org>" {
				t.Errorf("%d messages: %+v", len(got), got)
			}
			if n := other.Connections(); n != 0 {
				t.Errorf("%d connections to server 2", n)
			}
		})
	}
	t.Run("lost twice: held for a person, never a third time by itself", func(t *testing.T) {
		t.Parallel()
		server := relaytest.Raw(t, relaytest.RawScript{})
		line := startCutter(t, server, "250 2.0.0 queued", reset, 2)
		d := newDesk(t, portSettings(line.port)...)
		d.enqueue(named("a", "p@example.org"))
		// The clock, not a person, brings the second try: a person's asking begins anew.
		later := &clock{}
		g := d.gateway(gateway.Options{Now: later.now})
		for range 4 {
			d.check(g)
			later.add(2 * time.Hour)
		}
		e := d.to("p@example.org")
		if e.State != string(data.Held) || e.Uncertain != 2 || len(server.Messages()) != 2 {
			t.Errorf("%d messages, %+v", len(server.Messages()), e)
		}
	})
}

func TestResetBeforeTheDot(t *testing.T) {
	t.Parallel()
	var well atomic.Bool
	server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
		if verb == relaytest.Body && !well.Load() {
			return relaytest.Abort
		}
		return relaytest.Default
	}})
	d := newDesk(t, portSettings(server.Port)...)
	d.enqueue(large("a", 12<<20, "p@example.org")) // more than the system takes off our hands unread
	d.run("once")
	e := d.to("p@example.org")
	if e.State != string(data.Waiting) || e.Uncertain != 0 || e.last().Kind == data.KindUncertain || len(e.History) != 1 {
		t.Errorf("%+v", e)
	}
	well.Store(true)
	d.ok("queue", "retry", "--all")
	d.ok("once")
	if e := d.to("p@example.org"); e.State != string(data.Sent) || len(server.Messages()) != 1 {
		t.Errorf("%d messages, %+v", len(server.Messages()), e)
	}
}

func Test421(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{relaytest.Greeting, "EHLO", "AUTH", "MAIL", "RCPT", "DATA", relaytest.Dot} {
		t.Run("at "+verb+": the connection is left, everything waits, nobody is charged", func(t *testing.T) {
			t.Parallel()
			var well atomic.Bool
			server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"AUTH PLAIN"}, Answer: func(v, _ string) string {
				if v == verb && !well.Load() {
					return "421 4.3.2 Service shutting down"
				}
				return relaytest.Default
			}})
			d := newDesk(t, portSettings(server.Port, "server1.allow_insecure=true", "server1.user=library", "server1.password=secret")...)
			d.enqueue(named("a", "p@example.org", "q@example.org"), named("b", "r@example.org"), named("c", "s@example.org"))
			if code, out, _ := d.run("once"); code != exitNo {
				t.Errorf("exit %d: %s", code, out)
			}
			if n := server.Connections(); n != 1 {
				t.Errorf("%d connections in one check", n)
			}
			if n := len(server.Mails()); n > 1 {
				t.Errorf("%d messages begun after the server asked to be left", n)
			}
			for _, e := range d.all() {
				if e.State != string(data.Waiting) || e.Attempts != 0 || e.Uncertain != 0 {
					t.Errorf("%+v", e)
				}
			}
			well.Store(true)
			d.ok("once")
			if n := d.states()[data.Sent]; n != 4 || len(server.Messages()) != 3 {
				t.Errorf("%d sent, %d messages", n, len(server.Messages()))
			}
		})
	}
}

func TestPartlyRefused(t *testing.T) {
	t.Parallel()
	script := func(answer string, well *atomic.Bool) relaytest.RawScript {
		return relaytest.RawScript{Answer: func(verb, line string) string {
			if verb == "RCPT" && strings.Contains(line, "b@example.org") && !well.Load() {
				return answer
			}
			return relaytest.Default
		}}
	}
	t.Run("4xx for one of three: two are sent now and never again", func(t *testing.T) {
		t.Parallel()
		var well atomic.Bool
		server := relaytest.Raw(t, script("450 4.2.1 Mailbox busy", &well))
		d := newDesk(t, portSettings(server.Port)...)
		d.enqueue(named("a", "a@example.org", "b@example.org", "c@example.org"))
		d.run("once")
		if b := d.to("b@example.org"); b.State != string(data.Waiting) || b.Attempts != 1 || b.last().Code != 450 {
			t.Errorf("%+v", b)
		}
		if n := d.states(); n[data.Sent] != 2 {
			t.Errorf("%v", n)
		}
		well.Store(true)
		d.ok("queue", "retry", "--all")
		d.ok("once")
		for who, n := range server.Counts() {
			if n != 1 {
				t.Errorf("%s came %d times", who, n)
			}
		}
		if len(server.Counts()) != 3 || d.states()[data.Sent] != 3 {
			t.Errorf("%v %v", server.Counts(), d.states())
		}
	})
	t.Run("5xx for one of three: .BAD.txt names only that one, and a rename back tries only that one", func(t *testing.T) {
		t.Parallel()
		var well atomic.Bool
		server := relaytest.Raw(t, script("550 5.1.1 No such user", &well))
		d := newDesk(t, portSettings(server.Port)...)
		d.drop("m.TMP", named("m", "a@example.org", "b@example.org", "c@example.org"))
		d.run("once")
		reason, err := os.ReadFile(filepath.Join(d.folder(), "m.BAD.txt"))
		if err != nil {
			t.Fatalf("%v, there are %v", err, d.files())
		}
		if s := string(reason); !strings.Contains(s, "b@example.org") || strings.Contains(s, "a@example.org") || strings.Contains(s, "c@example.org") {
			t.Errorf("%s", s)
		}
		well.Store(true)
		if err := os.Rename(filepath.Join(d.folder(), "m.BAD"), filepath.Join(d.folder(), "m.TMP")); err != nil {
			t.Fatal(err)
		}
		d.ok("once")
		d.ok("once")
		for _, who := range []string{"a", "b", "c"} {
			if n := server.Counts()["<m@example.org> "+who+"@example.org"]; n != 1 {
				t.Errorf("%s got it %d times", who, n)
			}
		}
		if left := d.files(); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

func TestServerDownThenUp(t *testing.T) {
	t.Parallel()
	var up atomic.Bool
	server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
		if verb == relaytest.Greeting && !up.Load() {
			return relaytest.Abort
		}
		return relaytest.Default
	}})
	d := newDesk(t, portSettings(server.Port)...)
	d.ok("settings", "set", "messages_each_check=5", "practice.letters=false")
	classes := data.Classes()
	const each = 3
	s, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range each {
		for c, class := range slices.Backward(classes) { // the least urgent first
			id := fmt.Sprintf("%d-%d", c, i)
			if _, err := s.Accept(t.Context(), &data.NewMessage{
				Message: data.Message{Class: class, Door: data.DoorOwn, MessageID: "<" + id + "@example.org>", Sender: "library@example.org", NoReturn: true},
				Header:  []byte("Message-ID: <" + id + "@example.org>\r\nX-Class: " + strconv.Itoa(c) + "\r\n\r\n"), Recipients: []string{"p" + id + "@example.org"},
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		d.run("once")
	}
	if n := d.states(); n[data.Waiting] != each*len(classes) || len(server.Mails()) != 0 {
		t.Fatalf("%v", n)
	}
	up.Store(true)
	for range each*len(classes)/5 + 1 {
		d.ok("once")
	}
	got := server.Messages()
	for i, m := range got {
		if want := fmt.Sprintf("X-Class: %d\r\n", i/each); !strings.Contains(string(m.Raw), want) {
			t.Errorf("number %d is not of class %s: %s", i, classes[i/each], m.ID())
		}
	}
	for who, n := range server.Counts() {
		if n != 1 {
			t.Errorf("%s came %d times", who, n)
		}
	}
	if n := d.states(); n[data.Sent] != each*len(classes) || len(got) != each*len(classes) {
		t.Errorf("%v, %d messages", n, len(got))
	}
}
