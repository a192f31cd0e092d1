package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/control"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

// witness is the operating system of a service under test.
type witness struct {
	ready  chan struct{}
	events chan string
}

func (w *witness) Ready()                    { close(w.ready) }
func (w *witness) Status(string)             {}
func (w *witness) Alive()                    {}
func (w *witness) AliveEvery() time.Duration { return 0 }
func (w *witness) Managed() bool             { return true }

func (w *witness) Event(_ control.Level, number int, text string) {
	select {
	case w.events <- strconv.Itoa(number) + " " + text:
	default:
	}
}

// running is a service of this process.
type running struct {
	t    *testing.T
	stop context.CancelFunc
	exit chan control.Exit
	host *witness
}

func (d *desk) start() *running {
	d.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.t.Context()))
	r := &running{t: d.t, stop: cancel, exit: make(chan control.Exit, 1), host: &witness{ready: make(chan struct{}), events: make(chan string, 100)}}
	a := &app{Streams: Streams{Out: io.Discard, Err: io.Discard}, dataDir: d.data}
	go func() { r.exit <- a.serve(ctx, r.host) }()
	d.t.Cleanup(func() { r.end() })
	return r
}

func (r *running) up() *running {
	r.t.Helper()
	select {
	case <-r.host.ready:
	case e := <-r.exit:
		r.t.Fatalf("the service ended: %+v", e)
	}
	return r
}

// gone waits for a service that ends by itself.
func (r *running) gone() control.Exit {
	e := <-r.exit
	r.exit <- e
	return e
}

// end stops the service and gives how it ended; harmless when repeated.
func (r *running) end() control.Exit {
	r.stop()
	return r.gone()
}

// until looks again and again, as a person at a window does, until something is so.
func (d *desk) until(what string, so func() bool) {
	d.t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	limit := time.After(time.Minute)
	for !so() {
		select {
		case <-look.C:
		case <-limit:
			d.t.Fatalf("never: %s", what)
		}
	}
}

func serverSettings(s *relaytest.Server) []string {
	return []string{
		"server1.host=" + s.Host, "server1.port=" + strconv.Itoa(s.Port), "server1.security=none",
		"from.address=library@example.org", "test_to=me@example.org", "log.daily_at=",
	}
}

func TestService(t *testing.T) {
	t.Run("what was queued before the start goes with the first check", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		d.post("Overdue", "p@example.org")
		d.start().up()
		d.until("sent", func() bool { return len(s.Messages()) == 1 })
	})
	t.Run("a message queued while it runs waits for the next check, and once does not wait", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		d.start().up()
		d.until("first check", func() bool {
			var v statusView
			d.json(&v, "status")
			return !v.LastCheck.IsZero() && v.State == "running"
		})
		d.post("Overdue", "p@example.org")
		if len(s.Messages()) != 0 {
			t.Fatal("it did not wait for the check")
		}
		d.ok("once")
		if len(s.Messages()) != 1 {
			t.Fatal("not sent")
		}
	})
	t.Run("status says when the next check is, after the last one", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		d.start().up()
		d.until("next check told", func() bool {
			var v statusView
			d.json(&v, "status")
			return !v.LastCheck.IsZero() && v.NextCheck.After(v.LastCheck)
		})
	})
	t.Run("saved settings are in force without a restart", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		d.start().up()
		var saved struct {
			Revision int64 `json:"revision"`
		}
		d.json(&saved, "settings", "set", "minutes_between_checks=9")
		d.until("in force", func() bool {
			var v statusView
			d.json(&v, "status")
			return v.Revision == saved.Revision
		})
	})
	t.Run("settings that turn invalid leave the last good ones in force, and it says so", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		d.start().up()
		d.ok("settings", "set", "from.address=")
		d.until("said", func() bool {
			var v statusView
			d.json(&v, "status")
			return v.State == "running" && strings.Contains(v.Trouble, "last good")
		})
		d.ok("settings", "set", "from.address=library@example.org")
		d.until("mended", func() bool {
			var v statusView
			d.json(&v, "status")
			return v.Trouble == ""
		})
	})
	t.Run("test is answered by the running service, step by step", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		d.start().up()
		var a gateway.Answer
		if code := d.json(&a, "test"); code != exitOK || !a.OK || len(a.Steps) < 5 {
			t.Fatalf("%d %+v", code, a)
		}
		if len(s.Messages()) != 1 || len(d.files()) != 0 {
			t.Fatal(s.Messages(), d.files())
		}
	})
	t.Run("probe sends nothing", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		var a gateway.Answer
		if code := d.json(&a, "probe"); code != exitOK || !a.OK || len(s.Messages()) != 0 {
			t.Fatalf("%d %+v", code, a)
		}
	})
	t.Run("a second service on the same data stops with the reason, the first goes on", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, serverSettings(s)...)
		first := d.start().up()
		if e := d.start().gone(); e.Cause.Word != control.InUse.Word || e.Reason == "" {
			t.Fatalf("%+v", e)
		}
		d.ok("once")
		if e := first.end(); e.Cause.Process != 0 {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("missing settings stop it with the reason", func(t *testing.T) {
		d := newDesk(t)
		d.ok("settings", "show")
		e := d.start().gone()
		if e.Cause.Word != control.NotConfigured.Word || !strings.Contains(e.Reason, "server") {
			t.Fatalf("%+v", e)
		}
		var v statusView
		d.json(&v, "status")
		if v.State != "stopped" || !strings.Contains(v.Reason, "Not configured") {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("a password of another computer stops it with the remedy, and the queue is untouched", func(t *testing.T) {
		s := relaytest.Start(t, relaytest.Script{})
		d := newDesk(t, append(serverSettings(s), "server1.user=u", "server1.password=p", "server1.allow_insecure=true")...)
		if err := os.RemoveAll(d.data + ".key"); err != nil {
			t.Fatal(err)
		}
		if e := d.start().gone(); e.Cause.Word != control.BadSecret.Word || !strings.Contains(e.Reason, "password again") {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a stop during the message waits for its outcome", func(t *testing.T) {
		dot, go1 := make(chan struct{}), make(chan struct{})
		s := relaytest.Start(t, relaytest.Script{Data: func(relaytest.Message) error { close(dot); <-go1; return nil }})
		d := newDesk(t, serverSettings(s)...)
		d.post("Overdue", "p@example.org")
		r := d.start().up()
		<-dot
		r.stop()
		close(go1)
		r.end()
		if e := d.list()[0]; e.State != string(data.Sent) {
			t.Fatalf("%+v", e)
		}
	})
}

func TestQueueCommands(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{Rcpt: func(to string) error {
		if strings.HasPrefix(to, "nobody") {
			return relaytest.Reply(550, "5.1.1", "No such user")
		}
		return nil
	}})
	t.Run("one bad recipient fails alone, is told, and is tried alone when the file is renamed back", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		before := len(s.Messages())
		d.drop("a.TMP", letterTo("Overdue", "p@example.org", "nobody@example.org"))
		d.ok("once")
		files := strings.Join(d.files(), " ")
		if !strings.Contains(files, "a.BAD ") && !strings.HasSuffix(files, "a.BAD") {
			t.Fatalf("%v", d.files())
		}
		var reason string
		for _, name := range d.files() {
			if strings.HasSuffix(name, ".txt") {
				b, err := os.ReadFile(filepath.Join(d.folder(), name))
				if err != nil {
					t.Fatal(err)
				}
				reason = string(b)
			}
		}
		if !strings.Contains(reason, "nobody@example.org") || strings.Contains(reason, "p@example.org") && !strings.Contains(reason, "nobody@example.org") {
			t.Fatalf("%s", reason)
		}
		d.ok("once") // the return mail
		got := s.Messages()[before:]
		if len(got) != 2 || got[1].From != "" || !strings.Contains(string(got[1].Raw), "report-type=delivery-status") {
			t.Fatalf("%d messages: %+v", len(got), got)
		}
		if err := os.Rename(filepath.Join(d.folder(), "a.BAD"), filepath.Join(d.folder(), "a.TMP")); err != nil {
			t.Fatal(err)
		}
		mails := len(s.Messages())
		d.ok("once")
		for _, m := range s.Messages()[mails:] {
			if m.From != "" && strings.Contains(strings.Join(m.To, " "), "p@example.org") {
				t.Fatal("the one who has it got it again")
			}
		}
	})
	t.Run("what is no address fails in words, and the others get their mail", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		before := len(s.Messages())
		d.drop("a.TMP", letterTo("Overdue", "p@example.org", "broken address@", "q@example.org"))
		d.ok("once")
		got := s.Messages()[before:]
		if len(got) != 1 || len(got[0].To) != 2 {
			t.Fatalf("%+v", got)
		}
		failed := d.list("--state", "failed")
		if len(failed) != 1 || !strings.Contains(failed[0].Reason, "not an e-mail address") || failed[0].Remedy == "" {
			t.Fatalf("%+v", failed)
		}
		if names := strings.Join(d.files(), " "); !strings.Contains(names, "a.BAD.txt") {
			t.Fatal(names)
		}
		d.ok("once")
		if got = s.Messages()[before:]; len(got) != 2 || got[1].From != "" {
			t.Fatalf("no return mail: %+v", got)
		}
	})
	t.Run("held does not go, released goes, cancelled never goes", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		before := len(s.Messages())
		for i := range 2 {
			d.post("Overdue "+strconv.Itoa(i), "q@example.org")
		}
		d.ok("queue", "hold", "--all")
		d.ok("once")
		if len(s.Messages()) != before {
			t.Fatal("held went")
		}
		ids := d.list()
		d.ok("queue", "cancel", strconv.FormatInt(ids[0].ID, 10))
		d.ok("queue", "release", "--all")
		d.ok("once")
		if len(s.Messages()) != before+1 {
			t.Fatal(len(s.Messages()))
		}
		if got := d.list("--search", "Overdue 0"); len(got) != 1 || got[0].State != "sent" {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("the export is CSV without formulas", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		d.post("=cmd()", "q@example.org")
		if out := d.ok("queue", "export"); !strings.Contains(out, "'=cmd()") {
			t.Fatal(out)
		}
	})
	t.Run("a refused file is told and the others are taken", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		dir := t.TempDir()
		good, bad := filepath.Join(dir, "good.eml"), filepath.Join(dir, "bad.eml")
		_ = os.WriteFile(good, []byte(letterTo("A", "q@example.org")), 0o600)
		_ = os.WriteFile(bad, []byte("\x89PNG\r\n\x1a\n"), 0o600)
		code, out, _ := d.run("enqueue", bad, good)
		if code != exitData || !strings.Contains(out, "message ") || len(d.list()) != 1 {
			t.Fatal(code, out)
		}
	})
	t.Run("practice mode sends only to the test address, and the original stays held", func(t *testing.T) {
		d := newDesk(t, append(serverSettings(s), "practice=true")...)
		before := len(s.Messages())
		d.drop("a.TMP", letterTo("Overdue", "child@example.org"))
		d.ok("once")
		d.ok("once")
		got := s.Messages()[before:]
		if len(got) != 1 || strings.Join(got[0].To, " ") != "me@example.org" || !strings.Contains(string(got[0].Raw), "child@example.org") {
			t.Fatalf("%+v", got)
		}
		if held := d.list("--state", "held"); len(held) != 1 || held[0].Recipient != "child@example.org" {
			t.Fatalf("%+v", held)
		}
	})
	t.Run("another From goes into what is waiting", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		before := len(s.Messages())
		d.post("A", "q@example.org")
		d.ok("settings", "set", "from.address=other@example.org")
		d.ok("once")
		got := s.Messages()[before:]
		if len(got) != 1 || got[0].From != "other@example.org" || !strings.Contains(string(got[0].Raw), "From: other@example.org") && !strings.Contains(string(got[0].Raw), "From: <other@example.org>") {
			t.Fatalf("%+v %s", got, got[0].Raw)
		}
	})
	t.Run("a database older than the last run holds everything", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		copied := filepath.Join(t.TempDir(), "old.db")
		d.post("A", "r@example.org")
		d.ok("backup", copied)
		d.ok("once")
		before := len(s.Messages())
		b, err := os.ReadFile(copied)
		if err != nil {
			t.Fatal(err)
		}
		for _, suffix := range []string{"-wal", "-shm"} {
			_ = os.Remove(filepath.Join(d.data, "gateway.db"+suffix))
		}
		if err := os.WriteFile(filepath.Join(d.data, "gateway.db"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		d.ok("once")
		if len(s.Messages()) != before {
			t.Fatal("it went again")
		}
		if held := d.list("--state", "held"); len(held) != 1 || !strings.Contains(held[0].Reason, "older") {
			t.Fatalf("%+v", held)
		}
	})
	t.Run("the log tells what happened, one JSON object a line where a program reads", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		d.ok("once")
		for line := range strings.Lines(d.ok("log", "--json")) {
			var l data.JournalLine
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err, line)
			}
		}
	})
}
