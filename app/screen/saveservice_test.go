package screen_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

// host is whoever runs the gateway of a test.
type host struct{ ready chan struct{} }

func (h host) Ready()                    { close(h.ready) }
func (h host) Status(string)             {}
func (h host) Alive()                    {}
func (h host) AliveEvery() time.Duration { return 0 }

// serve runs a real gateway on the bench's place until stop, or the test, ends; the bench's service says that it runs.
func serve(t *testing.T, b *screentest.Bench) (stop func()) {
	t.Helper()
	g := gateway.New(gateway.Options{Place: b.Place(), Version: "test"})
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	h, ended := host{make(chan struct{})}, make(chan struct{})
	go func() {
		defer close(ended)
		if err := g.Run(ctx, h); err != nil {
			t.Error(err)
		}
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	select {
	case <-h.ready:
	case <-ended:
		t.Fatal("the service ended")
	}
	running(b)
	return stop
}

// withServer gives the screen of a window that looks by itself, with settings for a server that takes everything.
func withServer(t *testing.T) (*screentest.Bench, *screen.Settings) {
	t.Helper()
	server := relaytest.Start(t, relaytest.Script{})
	b := screentest.New(t)
	b.Configured()
	b.Save(map[string]string{"server1.host": server.Host, "server1.port": strconv.Itoa(server.Port), "log.daily_at": ""})
	b.Look()
	s := screen.NewSettings(b.Desk)
	go b.Run()
	return b, s
}

func TestSaveWithService(t *testing.T) {
	t.Run("a real service confirms what was saved, with its time", func(t *testing.T) {
		b, s := withServer(t)
		serve(t, b)
		s.Set("from.name", "The Library")
		before := time.Now().Truncate(time.Second)
		s.Save(nil)
		b.Until(func() bool { return !s.Busy() })
		at, ok := strings.CutPrefix(s.Said().Words, "Saved. The service runs with the new settings since ")
		if !ok || !s.Said().Good {
			t.Fatalf("%+v", s.Said())
		}
		clock, err := time.ParseInLocation("2006-01-02 15:04:05", before.Format("2006-01-02 ")+strings.TrimSuffix(at, "."), time.Local)
		if err != nil || clock.Before(before) && before.Sub(clock) < 12*time.Hour {
			t.Errorf("in force since %q, saved at %s", at, before)
		}
	})
	t.Run("a real service opens the password the window sealed", func(t *testing.T) {
		b, s := withServer(t)
		serve(t, b)
		s.Set("server1.user", "library")
		s.Set("server1.password", " § ")
		s.Save(nil)
		b.Until(func() bool { return !s.Busy() })
		if !s.Said().Good {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("a real service that cannot open the password says so in the save bar", func(t *testing.T) {
		b, s := withServer(t)
		serve(t, b)
		hidePrivateKey(t, b.Place().Key)
		s.Set("server1.user", "library")
		s.Set("server1.password", "secret")
		s.Save(nil)
		b.Until(func() bool { return !s.Busy() })
		saysAll(t, s.Said().Words, "Saved, but the service does not take it.", "The password of server 1 cannot be opened")
		if !s.Said().Bad {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("a real service that ends while Save waits is told, started again, and confirms", func(t *testing.T) {
		b, s := withServer(t)
		stop := serve(t, b)
		stop()
		s.Set("from.name", "The Library")
		s.Save(nil)
		b.Until(func() bool { return s.Said().Words == "Saved. Waiting for the service to take it over." })
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped, Reason: "Somebody stopped it."})
		b.Wake()
		b.Until(func() bool { return !s.Busy() })
		saysAll(t, s.Said().Words, "Saved, but the service has stopped.", "Somebody stopped it.")
		if !s.Said().Start {
			t.Fatalf("%+v", s.Said())
		}
		b.Service.Done = func(string) { serve(t, b) }
		s.StartService()
		b.Until(func() bool { return !s.Busy() })
		if !s.Said().Good {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("a look while the service starts does not take it for stopped", func(t *testing.T) {
		b, s := withServer(t)
		stopped := screen.ServiceStatus{State: screen.ServiceStopped}
		b.Service.Set(stopped)
		s.Set("from.name", "The Library")
		s.Save(nil)
		b.Until(func() bool { return !s.Busy() && s.Said().Start })
		starting, started := make(chan struct{}), make(chan struct{})
		b.Service.Done = func(string) {
			b.Service.Set(stopped)
			close(starting)
			<-started
		}
		s.StartService()
		<-starting
		looks := 0
		defer b.Watch(func(screen.Change) { looks++ })()
		for n := range 5 { // what one look asks is answered by a later one at the latest
			if err := b.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: "Something is written."}); err != nil {
				t.Fatal(err)
			}
			b.Wake()
			b.Until(func() bool { return looks > n })
		}
		if !s.Busy() || s.Said().Words != "Starting the service." {
			t.Errorf("%+v", s.Said())
		}
		close(started)
		b.Until(func() bool { return !s.Busy() })
	})
	t.Run("every setting saved by the window is one the service takes", func(t *testing.T) {
		b, s := withServer(t)
		serve(t, b)
		for name, v := range map[string]string{
			"server1.ehlo": "pc.school.test", "server1.connections": "2", "server1.recipients_per_day": "450", "from.name": "Library", "from.reply_to": "desk@school.test",
			"message.max_mb": "10", "minutes_between_checks": "5", "messages_each_check": "20", "retry.short_minutes": "30", "retry.give_up_hours": "48",
			"practice": "true", "keep.bodies_days": "30", "keep.history_days": "200", "server2.host": "127.0.0.1", "server2.security": "none", "server2.allow_insecure": "true",
			"folder": filepath.Join(t.TempDir(), "mail"),
		} {
			s.Set(name, v)
		}
		s.Save(nil)
		b.Until(func() bool { return !s.Busy() })
		if !s.Said().Good || s.Dirty() {
			t.Fatalf("%+v", s.Said())
		}
		values, _, err := b.Store.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got, problems := data.ParseSettings(values); len(problems) != 0 || got.Server1.Connections != 2 || got.GiveUpHours != 48 || !got.Practice {
			t.Fatal(problems)
		}
	})
}

// hidePrivateKey takes the service's half of the key pair away and leaves the half that seals.
func hidePrivateKey(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		if strings.Contains(f.Name(), "private") {
			n++
			if err := os.Remove(filepath.Join(dir, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n == 0 {
		t.Fatal("no private key in ", dir)
	}
}
