package screen_test

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
)

func TestServerTest(t *testing.T) {
	t.Run("goes from the folder to the server step by step, and the file is seen to come and go", func(t *testing.T) {
		s := newSchool(t, 1)
		seen := make(chan struct{})
		server := relaytest.Start(t, relaytest.Script{BodyBegins: func() { <-seen }})
		s.uses(server.Config())
		s.running()
		s.test.Test()
		if !s.test.Running() {
			t.Fatal("nothing runs")
		}
		s.Until(func() bool { return s.test.File().State == screen.FileHere && len(s.test.Steps()) == 7 })
		steps := s.test.Steps()
		if got := s.names(); got != "file name connection greeting protection sign-in message" {
			t.Fatalf("on the way: %s", got)
		}
		if last := steps[len(steps)-1]; last.State != screen.StepRunning || last.Label != "Message accepted" {
			t.Fatalf("now: %+v", last)
		}
		name := s.test.File().Name
		if _, err := os.Stat(filepath.Join(s.Facts().Folder, name)); err != nil {
			t.Fatalf("said to lie there: %v", err)
		}
		close(seen)
		ok, result, _ := s.ends()
		if !ok || !strings.Contains(result, "accepted the test message for it@school.test") {
			t.Fatalf("ended: %v %q", ok, result)
		}
		if got := s.names(); got != "file name connection greeting protection sign-in sender message file" {
			t.Fatalf("steps: %s", got)
		}
		if f := s.test.File(); f.State != screen.FileGone || f.Words != name+" is gone from the folder." {
			t.Fatalf("file: %+v", f)
		}
		if m := server.Messages(); len(m) != 1 || m[0].To[0] != "it@school.test" {
			t.Fatalf("arrived: %+v", m)
		}
		lastOK, on, last := s.test.LastTested()
		if !lastOK || !strings.HasPrefix(on, "today at ") || last != result {
			t.Fatalf("last test: %v %q %q", lastOK, on, last)
		}
		if s.test.Repairs() != nil {
			t.Error("repairs what works")
		}
	})
	t.Run("a wrong password ends in one sentence, a .BAD file, and nowhere in clear", func(t *testing.T) {
		s := newSchool(t, 1)
		server := relaytest.Start(t, relaytest.Script{Security: data.SecurityTLS, Auth: []string{"PLAIN"}})
		s.uses(server.Config())
		s.types("server1.user", relaytest.User, "server1.password", "swordfish-77")
		s.running()
		s.test.Test()
		ok, result, remedy := s.ends()
		if ok || result == "" || remedy == "" {
			t.Fatalf("ended: %v %q %q", ok, result, remedy)
		}
		if got := s.names(); got != "file name connection protection greeting !sign-in !file" {
			t.Fatalf("steps: %s", got)
		}
		if f := s.test.File(); f.State != screen.FileBad || !strings.Contains(f.Words, ".BAD, with the reason beside it") {
			t.Fatalf("file: %+v", f)
		}
		var field string
		s.test.OnFocus = func(f string) { field = f }
		s.repair("Enter the password again")
		if field != "server1.password" {
			t.Errorf("shows the field %q", field)
		}
		if all := s.everything(); strings.Contains(all, "swordfish") || strings.Contains(all, relaytest.Base64("swordfish-77")) {
			t.Errorf("tells the password: %s", all)
		}
		if lastOK, _, last := s.test.LastTested(); lastOK || last != result {
			t.Errorf("last test: %v %q", lastOK, last)
		}
	})
	t.Run("STARTTLS on a port that speaks TLS is mended with one press", func(t *testing.T) {
		s := newSchool(t, 1)
		server := relaytest.Start(t, relaytest.Script{Security: data.SecurityTLS})
		v := server.Config()
		v.Security = data.SecuritySTARTTLS
		s.uses(v)
		s.running()
		s.test.Test()
		if ok, result, _ := s.ends(); ok {
			t.Fatal(result)
		}
		s.repair("Use TLS and test again")
		if ok, result, _ := s.ends(); !ok {
			t.Fatalf("not mended: %q, %s", result, s.names())
		}
		if got := s.Facts().Settings.Server1; got.Security != data.SecurityTLS || got.Port != v.Port {
			t.Errorf("saved %s port %d", got.Security, got.Port)
		}
	})
	t.Run("TLS on a port that speaks STARTTLS is mended with one press", func(t *testing.T) {
		s := newSchool(t, 1)
		server := relaytest.Start(t, relaytest.Script{Security: data.SecuritySTARTTLS})
		v := server.Config()
		v.Security = data.SecurityTLS
		s.uses(v)
		s.running()
		s.test.Test()
		if ok, result, _ := s.ends(); ok {
			t.Fatal(result)
		}
		s.repair("Use STARTTLS and test again")
		if ok, result, _ := s.ends(); !ok {
			t.Fatalf("not mended: %q, %s", result, s.names())
		}
	})
	t.Run("nobody listens: it is said at the connection, with what to ask IT for", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(deadServer(t))
		s.running()
		s.test.Test()
		ok, result, remedy := s.ends()
		if ok || !strings.Contains(result, "Nothing answers at 127.0.0.1") || !strings.Contains(remedy, "Ask IT") {
			t.Fatalf("ended: %v %q %q", ok, result, remedy)
		}
		if got := s.names(); got != "file name !connection !file" {
			t.Fatalf("steps: %s", got)
		}
	})
	t.Run("a stopped service is started first, and that is said", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(relaytest.Start(t, relaytest.Script{}).Config())
		s.test.Test()
		if ok, result, _ := s.ends(); !ok {
			t.Fatal(result)
		}
		if !slices.Contains(s.Service.Asked(), "start") || !slices.Contains(s.seen, "The service is stopped. Starting it first.") {
			t.Fatalf("asked %v, said %q", s.Service.Asked(), s.seen)
		}
	})
	t.Run("a service that refuses to start ends the test in its own words", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(relaytest.Start(t, relaytest.Script{}).Config())
		s.Service.Fail = &data.Error{Code: data.CodeNoAccess, Sentence: "You may not start the service.", Next: "Ask IT."}
		s.test.Test()
		if ok, result, remedy := s.ends(); ok || result != "You may not start the service." || remedy != "Ask IT." {
			t.Fatalf("ended: %v %q %q", ok, result, remedy)
		}
	})
	t.Run("a service that dies in the middle is told of at once", func(t *testing.T) {
		s := newSchool(t, 1)
		release := make(chan struct{})
		s.uses(relaytest.Start(t, relaytest.Script{BodyBegins: func() { <-release }}).Config())
		s.running()
		s.test.Test()
		s.Until(func() bool { return s.test.File().State == screen.FileHere && len(s.test.Steps()) == 7 })
		s.Service.Set(screen.ServiceStatus{State: screen.ServiceFailed, Reason: "Out of memory."})
		ok, result, remedy := s.ends()
		close(release)
		if ok || result != "The service stopped in the middle of the test." || !strings.HasPrefix(remedy, "Out of memory.") {
			t.Fatalf("ended: %v %q %q", ok, result, remedy)
		}
	})
	t.Run("a service that was started again meanwhile has forgotten the test, and that is said", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(relaytest.Start(t, relaytest.Script{}).Config())
		s.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		s.test.Test()
		s.Until(func() bool { return s.test.Stage() == screen.TestWaiting })
		if r, err := s.Store.TakeRequest(t.Context()); err != nil || r == nil {
			t.Fatal(r, err)
		}
		if err := s.Store.Beat(t.Context(), data.Heartbeat{Started: time.Now().Add(time.Second)}); err != nil {
			t.Fatal(err)
		}
		if ok, result, _ := s.ends(); ok || result != "The service stopped in the middle of the test and was started again." {
			t.Fatalf("ended: %v %q", ok, result)
		}
	})
	t.Run("a request nobody takes is said to be unanswered, and taken back", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(relaytest.Start(t, relaytest.Script{}).Config())
		s.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		s.test.Careless()
		s.test.Test()
		ok, result, _ := s.ends()
		if ok || !strings.Contains(result, "does not answer") {
			t.Fatalf("ended: %v %q", ok, result)
		}
		if r, err := s.Store.TakeRequest(t.Context()); err != nil || r != nil {
			t.Fatalf("still asks: %+v %v", r, err)
		}
	})
	t.Run("a request waits as long as the service is busy with a message", func(t *testing.T) {
		s := newSchool(t, 1)
		inHand, release := make(chan struct{}), make(chan struct{})
		var later atomic.Bool
		s.uses(relaytest.Start(t, relaytest.Script{BodyBegins: func() {
			if !later.Swap(true) {
				close(inHand)
				<-release
			}
		}}).Config())
		s.Message("Overdue", "ann@school.test")
		s.running()
		<-inHand
		s.test.Test()
		s.Until(func() bool { return strings.HasPrefix(s.test.Note(), "Waiting for the service.") })
		close(release)
		if ok, result, _ := s.ends(); !ok {
			t.Fatal(result)
		}
	})
	t.Run("it can be left alone: the service goes on and the result is kept", func(t *testing.T) {
		s := newSchool(t, 1)
		release := make(chan struct{})
		s.uses(relaytest.Start(t, relaytest.Script{BodyBegins: func() { <-release }}).Config())
		s.running()
		s.test.Test()
		s.Until(func() bool { return len(s.test.Steps()) == 7 })
		s.test.StopWaiting()
		if s.test.Running() || s.test.Stage() != screen.TestLeft || s.test.Note() == "" {
			t.Fatalf("left: %v %q", s.test.Stage(), s.test.Note())
		}
		close(release)
		s.Settle()
		for s.Facts().TestedOn.IsZero() && t.Context().Err() == nil {
			s.Look()
		}
		if ok, _, last := s.test.LastTested(); !ok || !strings.Contains(last, "accepted") {
			t.Fatalf("last test: %v %q", ok, last)
		}
	})
	t.Run("unsaved changes are saved first, and tested", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(deadServer(t))
		s.running()
		if got := s.test.ButtonText(); got != "Test" {
			t.Fatal(got)
		}
		v := relaytest.Start(t, relaytest.Script{}).Config()
		s.form.Set("server1.port", itoa(v.Port))
		if got := s.test.ButtonText(); got != "Save and test" {
			t.Fatal(got)
		}
		s.test.Test()
		if s.test.Stage() != screen.TestSaving {
			t.Fatalf("stage %v", s.test.Stage())
		}
		ok, result, _ := s.ends()
		if !ok || s.Facts().Settings.Server1.Port != v.Port {
			t.Fatalf("ended: %v %q", ok, result)
		}
	})
	t.Run("settings that cannot be saved are not tested", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(deadServer(t))
		s.running()
		s.form.Set("server1.port", "seven")
		s.test.Test()
		ok, result, remedy := s.ends()
		if ok || !strings.Contains(result, "not saved") || remedy == "" {
			t.Fatalf("ended: %v %q %q", ok, result, remedy)
		}
		if r, _ := s.Store.TakeRequest(t.Context()); r != nil {
			t.Error("asked all the same")
		}
	})
	t.Run("without an address to send to, the field is shown and no service is started", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(deadServer(t), "test_to", "")
		s.test.Test()
		ok, result, remedy := s.ends()
		if ok || result != "There is no address to send a test to." || remedy == "" || len(s.Service.Asked()) != 0 {
			t.Fatalf("ended: %v %q %q, asked %v", ok, result, remedy, s.Service.Asked())
		}
		var field string
		s.test.OnFocus = func(f string) { field = f }
		s.repair("Go to the field")
		if field != "test_to" {
			t.Errorf("shows %q", field)
		}
	})
	t.Run("settings the service cannot use are said instead of testing those of before", func(t *testing.T) {
		s := newSchool(t, 1)
		s.uses(relaytest.Start(t, relaytest.Script{}).Config())
		s.running()
		s.Save(map[string]string{"folder": s.Place().Data})
		s.Look()
		s.test.Careless()
		s.test.Test()
		if ok, result, _ := s.ends(); ok || result == "" || len(s.test.Steps()) != 0 {
			t.Fatalf("ended: %v %q", ok, result)
		}
	})
	t.Run("server 2 is looked at and sent nothing", func(t *testing.T) {
		s := newSchool(t, 2)
		server := relaytest.Start(t, relaytest.Script{})
		v := server.Config()
		s.uses(deadServer(t), "server2.host", v.Host, "server2.port", itoa(v.Port), "server2.security", "none", "test_to", "")
		s.running()
		if got := s.test.ButtonText(); got != "Look at server 2" {
			t.Fatal(got)
		}
		s.test.Test()
		ok, result, _ := s.ends()
		if !ok || s.names() != "name connection greeting protection sign-in sender" || len(server.Messages()) != 0 {
			t.Fatalf("ended: %v %q, %s", ok, result, s.names())
		}
		if _, on, _ := s.test.LastTested(); on != "" {
			t.Errorf("last tested %q", on)
		}
	})
}

func TestTrust(t *testing.T) {
	t.Run("a self-signed certificate is shown, trusted after a plain question, and then works", func(t *testing.T) {
		s := newSchool(t, 1)
		server := relaytest.Start(t, relaytest.Script{Security: data.SecurityTLS, Identity: relaytest.Identity{SelfSigned: true}, Auth: []string{"PLAIN"}})
		s.uses(server.Config())
		s.types("server1.user", relaytest.User, "server1.password", relaytest.Password)
		s.running()
		s.test.Test()
		if ok, result, _ := s.ends(); ok {
			t.Fatal(result)
		}
		r := s.test.Repairs()
		if len(r) != 1 || !r[0].Trust {
			t.Fatalf("repairs %+v, %s", r, s.names())
		}
		q, ok := s.test.TrustQuestion()
		if !ok || q.Fingerprint != relaytest.Fingerprint(server.Certificate) || q.Subject == "" || q.Until == "" || !q.Password {
			t.Fatalf("question %+v", q)
		}
		if got := strings.ReplaceAll(q.Spaced(), " ", ""); !strings.EqualFold(got, q.Fingerprint) {
			t.Errorf("spaced %q", q.Spaced())
		}
		s.test.Trust(relaytest.Password)
		if ok, result, _ := s.ends(); !ok {
			t.Fatalf("not trusted: %q, %s", result, s.names())
		}
		if got := s.Facts().Settings.Server1.Certificate; got != q.Fingerprint {
			t.Errorf("saved %q", got)
		}
		if strings.Contains(s.everything(), relaytest.Password) {
			t.Error("tells the password")
		}
	})
	t.Run("without a stored password none is asked for", func(t *testing.T) {
		s := newSchool(t, 1)
		server := relaytest.Start(t, relaytest.Script{Security: data.SecuritySTARTTLS, Identity: relaytest.Identity{Host: "other.test"}})
		s.uses(server.Config())
		s.running()
		s.test.Test()
		if ok, result, _ := s.ends(); ok {
			t.Fatal(result)
		}
		if q, ok := s.test.TrustQuestion(); !ok || q.Password || !strings.Contains(q.Subject, "other.test") {
			t.Fatalf("question %+v", q)
		}
		s.test.Trust("")
		if ok, result, _ := s.ends(); !ok {
			t.Fatalf("not trusted: %q", result)
		}
	})
}

func TestServerTestStartup(t *testing.T) {
	success := func(t *testing.T) *school {
		t.Helper()
		s := newSchool(t, 1)
		s.uses(relaytest.Start(t, relaytest.Script{}).Config())
		s.running()
		if s.test.OffersStartup() {
			t.Fatal("offered before anything worked")
		}
		s.test.Test()
		if ok, result, _ := s.ends(); !ok {
			t.Fatal(result)
		}
		return s
	}
	t.Run("after the first success it is offered, and done", func(t *testing.T) {
		s := success(t)
		if !s.test.OffersStartup() {
			t.Fatal("not offered")
		}
		s.test.StartWithComputer()
		s.Settle()
		s.Look()
		if !slices.Contains(s.Service.Asked(), "startup auto") || s.test.OffersStartup() || !strings.Contains(s.test.StartupSaid(), "From now on") {
			t.Fatalf("asked %v, said %q", s.Service.Asked(), s.test.StartupSaid())
		}
	})
	t.Run("a refusal by the person is an answer, and the offer stays", func(t *testing.T) {
		s := success(t)
		s.Service.Fail = &data.Error{Code: data.CodeNotNow, Sentence: "Nothing was changed: the administrator was not confirmed."}
		s.test.StartWithComputer()
		s.Settle()
		if !s.test.OffersStartup() || s.test.StartupSaid() != "Nothing was changed: the administrator was not confirmed." {
			t.Fatalf("said %q", s.test.StartupSaid())
		}
		s.test.DeclineStartup()
		if s.test.OffersStartup() {
			t.Error("offered again")
		}
	})
	t.Run("where a person started the service by hand there is nothing to offer", func(t *testing.T) {
		s := success(t)
		s.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, ByHand: true})
		s.Look()
		if s.test.OffersStartup() {
			t.Error("offered")
		}
	})
}

// deadServer is a server nobody listens at.
func deadServer(t *testing.T) data.Server {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatal(l.Addr())
	}
	return data.Server{Host: "127.0.0.1", Port: at.Port, Security: data.SecurityNone}
}
