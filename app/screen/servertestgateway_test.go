package screen_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// school is a bench with the real gateway on the same data folder, as the service would run it.
type school struct {
	*screentest.Bench

	t    *testing.T
	form *screen.Settings
	test *screen.ServerTest
	seen []string // every note a person saw
}

// newSchool prepares the test of server n. The service is stopped.
func newSchool(t *testing.T, n int) *school {
	t.Helper()
	s := &school{Bench: screentest.New(t), t: t}
	s.form = screen.NewSettings(s.Desk)
	s.test = screen.NewServerTest(s.Desk, s.form, n)
	s.test.Hasty()
	s.test.OnChange = func() {
		if note := s.test.Note(); note != "" {
			s.seen = append(s.seen, note)
		}
	}
	s.Service.Done = func(order string) {
		if order == "start" {
			s.run()
		}
	}
	return s
}

// run starts the gateway and returns when it is ready.
func (s *school) run() {
	s.t.Helper()
	patience := relay.DefaultTimeouts()
	patience.Connect = 2 * time.Second // a third of it passes before a silent server is asked for TLS
	g := gateway.New(gateway.Options{Place: s.Place(), Version: "test", RootCAs: relaytest.Roots(), Timeouts: patience, Grace: time.Millisecond})
	if err := g.Open(context.Background()); err != nil {
		s.t.Error(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	h := testHost{ready: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := g.Run(ctx, h); err != nil && ctx.Err() == nil {
			s.t.Error(err)
		}
	}()
	s.t.Cleanup(func() {
		stop()
		<-ended
		if err := g.Close(); err != nil {
			s.t.Error(err)
		}
	})
	select {
	case <-h.ready:
	case <-ended:
	}
}

// running starts the gateway as a service that runs already.
func (s *school) running() {
	s.t.Helper()
	s.run()
	s.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
	s.Look()
}

type testHost struct{ ready chan struct{} }

func (h testHost) Ready()                  { close(h.ready) }
func (testHost) Status(string)             {}
func (testHost) Alive()                    {}
func (testHost) AliveEvery() time.Duration { return 0 }

// uses stores a server as its administrator would name it, with everything else a test needs.
func (s *school) uses(v data.Server, more ...string) {
	s.t.Helper()
	changes := map[string]string{
		"server1.host": v.Host, "server1.port": strconv.Itoa(v.Port), "server1.security": string(v.Security),
		"from.address": "library@school.test", "test_to": "it@school.test",
	}
	for i := 0; i+1 < len(more); i += 2 {
		changes[more[i]] = more[i+1]
	}
	s.Save(changes)
	s.Look()
}

// types edits fields and saves, as for a password, which only the form can seal.
func (s *school) types(pairs ...string) {
	s.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		s.form.Set(pairs[i], pairs[i+1])
	}
	saved := false
	s.form.Save(func(ok bool) { saved = ok })
	s.Settle()
	s.Look()
	if !saved || s.form.Dirty() {
		s.t.Fatal("the settings were not saved")
	}
}

// ends waits for the end of the test.
func (s *school) ends() (ok bool, result, remedy string) {
	s.t.Helper()
	for s.test.Running() && s.t.Context().Err() == nil {
		if s.test.Stage() == screen.TestSaving {
			s.Look() // the form waits until a look has seen the service work with what it saved
			continue
		}
		s.Until(func() bool { return !s.test.Running() || s.test.Stage() == screen.TestSaving })
	}
	s.Look()
	return s.test.End()
}

// names are the steps so far, "!" before one that failed.
func (s *school) names() string {
	var names []string
	for _, one := range s.test.Steps() {
		name := one.Name
		if one.State == screen.StepFailed {
			name = "!" + name
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// repair presses the only repair there is, which must be called text.
func (s *school) repair(text string) {
	s.t.Helper()
	r := s.test.Repairs()
	if len(r) == 0 || r[0].Text != text {
		s.t.Fatalf("repairs %+v, not %q", r, text)
	}
	r[0].Press()
}

// everything is all text a person can read of the test.
func (s *school) everything() string {
	_, result, remedy := s.test.End()
	_, on, last := s.test.LastTested()
	all := append([]string{result, remedy, on, last, s.test.File().Words, s.test.StartupSaid(), s.test.Explanation()}, s.seen...)
	for _, one := range s.test.Steps() {
		all = append(all, one.Label, one.Text, one.Detail)
	}
	return strings.Join(all, "\n")
}

func itoa(n int) string { return strconv.Itoa(n) }
