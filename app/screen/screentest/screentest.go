// Package screentest is in charge of what tests of screens stand on: a desk on a data folder of its own, a goroutine that
// plays the window's, a service and a desktop that write down what they are asked.
package screentest

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// Bench is a desk under test. The test's goroutine plays the window's: what is posted runs when Settle is called.
type Bench struct {
	*screen.Desk
	Service *Service
	Desktop *Desktop
	Mail    *Mail
	SignIns *SignIns
	Sender  *Sender
	Store   *store.Store // another opening of the same database, as the service has; nil when made by NewEmpty

	tb     testing.TB
	mu     sync.Mutex
	posted []func()
	signal chan struct{}
	clock  atomic.Pointer[time.Time] // what the desk's clock shows; nil: the time it is
}

// New gives a desk on a fresh database that has no settings. The desk has not looked yet: call Look.
func New(tb testing.TB) *Bench {
	tb.Helper()
	return NewIn(tb, place.At(filepath.Join(tb.TempDir(), "data")))
}

// NewIn is New with the database at p.
func NewIn(tb testing.TB, p place.Place) *Bench {
	tb.Helper()
	b := NewAt(tb, p)
	s, err := house.Open(tb.Context(), b.Place(), true, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	b.Store = s
	return b
}

// NewAt gives a desk on a place as it is, opening nothing: for databases that are missing, damaged or newer.
func NewAt(tb testing.TB, p place.Place) *Bench {
	tb.Helper()
	pretended := &Service{}
	pretended.set(screen.ServiceStatus{State: screen.ServiceStopped})
	b := NewServed(tb, p, pretended)
	b.Service = pretended
	return b
}

// NewServed is NewAt with a real service in place of the pretended one, which is nil then.
func NewServed(tb testing.TB, p place.Place, service screen.Service) *Bench {
	tb.Helper()
	b := &Bench{Desktop: &Desktop{}, Mail: &Mail{}, SignIns: &SignIns{}, Sender: &Sender{}, tb: tb, signal: make(chan struct{}, 1)}
	b.Desk = screen.NewDesk(screen.Options{
		Place: p, Version: "test", Service: service, Desktop: b.Desktop, Post: b.post, Mail: b.Mail, SignIns: b.SignIns, Sender: b.Sender,
		Preferences: filepath.Join(tb.TempDir(), "window.json"), Now: b.now,
	})
	tb.Cleanup(func() {
		if err := b.Close(); err != nil {
			tb.Error(err)
		}
	})
	return b
}

func (b *Bench) post(f func()) {
	b.mu.Lock()
	b.posted = append(b.posted, f)
	b.mu.Unlock()
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// SetClock stops the desk's clock at t. The clock of Store goes on.
func (b *Bench) SetClock(t time.Time) { b.clock.Store(&t) }

func (b *Bench) now() time.Time {
	if t := b.clock.Load(); t != nil {
		return *t
	}
	return time.Now()
}

// Save stores settings as a person who is sure of them would.
func (b *Bench) Save(changes map[string]string) {
	b.tb.Helper()
	if _, err := b.Store.SaveSettings(b.tb.Context(), changes, store.AnyRevision); err != nil {
		b.tb.Fatal(err)
	}
}

// Configured stores settings that can be used: a server on loopback that nobody listens at.
func (b *Bench) Configured() {
	b.tb.Helper()
	b.Save(map[string]string{"server1.host": "127.0.0.1", "server1.port": "2525", "server1.security": "none", "server1.allow_insecure": "true", "from.address": "library@school.test", "test_to": "it@school.test"})
}

// Look makes the desk look once, as its Run does, and settles.
func (b *Bench) Look() {
	b.tb.Helper()
	b.LookOnce()
	b.Settle()
}

// Settle plays the window's goroutine until no work is under way and nothing is posted.
func (b *Bench) Settle() {
	b.tb.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	for {
		b.mu.Lock()
		posted := b.posted
		b.posted = nil
		b.mu.Unlock()
		for _, f := range posted {
			f()
		}
		if len(posted) > 0 {
			continue
		}
		if b.Busy() == 0 {
			return
		}
		select {
		case <-b.signal:
		case <-deadline.C:
			b.tb.Fatal("work did not come to its end")
		}
	}
}

// Until plays the window's goroutine until what is true, for work that goes on while it waits for somebody.
func (b *Bench) Until(what func() bool) {
	b.tb.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	for !what() {
		b.mu.Lock()
		posted := b.posted
		b.posted = nil
		b.mu.Unlock()
		for _, f := range posted {
			f()
		}
		if len(posted) > 0 {
			continue
		}
		select {
		case <-b.signal:
		case <-deadline.C:
			b.tb.Fatal("it did not come true")
		}
	}
}

// Service is a service that does what it is told, unless told to fail.
type Service struct {
	mu     sync.Mutex
	status screen.ServiceStatus
	asked  []string
	Fail   error              // what every order answers; nil: it works
	Done   func(order string) // called after an order was carried out; nil: nobody
}

// Set makes the service be in a state.
func (s *Service) Set(st screen.ServiceStatus) { s.set(st) }

func (s *Service) set(st screen.ServiceStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = st
}

// Asked lists the orders given so far: "start", "stop", "startup auto", "folder PATH".
func (s *Service) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// Status is what Set said, changed by orders.
func (s *Service) Status(context.Context) (screen.ServiceStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status, nil
}

func (s *Service) order(name string, change func(*screen.ServiceStatus)) error {
	s.mu.Lock()
	s.asked = append(s.asked, name)
	err, done := s.Fail, s.Done
	if err == nil {
		change(&s.status)
	}
	s.mu.Unlock()
	if err == nil && done != nil {
		done(name)
	}
	return err
}

// Start makes it run.
func (s *Service) Start(context.Context) error {
	return s.order("start", func(st *screen.ServiceStatus) { st.State = screen.ServiceRunning })
}

// Stop makes it stop.
func (s *Service) Stop(context.Context) error {
	return s.order("stop", func(st *screen.ServiceStatus) { st.State = screen.ServiceStopped })
}

// SetStartup notes the startup type.
func (s *Service) SetStartup(_ context.Context, auto bool) error {
	name := "startup manual"
	if auto {
		name = "startup auto"
	}
	return s.order(name, func(st *screen.ServiceStatus) { st.Auto = auto })
}

// UseFolder notes the folder.
func (s *Service) UseFolder(_ context.Context, path string) error {
	return s.order("folder "+path, func(*screen.ServiceStatus) {})
}

// Desktop writes down what it is asked.
type Desktop struct {
	mu       sync.Mutex
	Opened   []string
	Copied   []string
	Notified []string
	Raised   int
	Mailer   string // the program for addresses of mail; empty: none
	Fail     error  // what Open answers; nil: it works
}

// Open notes the target.
func (d *Desktop) Open(target string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Opened = append(d.Opened, target)
	return d.Fail
}

// MailProgram is Mailer.
func (d *Desktop) MailProgram() (name string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Mailer, d.Mailer != ""
}

// Copy notes the text.
func (d *Desktop) Copy(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Copied = append(d.Copied, text)
}

// Notify notes the notification.
func (d *Desktop) Notify(title, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Notified = append(d.Notified, title+": "+text)
}

// Raise counts.
func (d *Desktop) Raise() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Raised++
}

// Message stores a message to recipients and gives its number.
func (b *Bench) Message(subject string, recipients ...string) int64 {
	b.tb.Helper()
	id, err := b.Store.Accept(b.tb.Context(), &data.NewMessage{
		Message: data.Message{
			Class: data.ClassDropped, Door: data.DoorFolder, MessageID: "<" + subject + "@school.test>",
			Sender: "library@school.test", From: "library@school.test", To: recipients[0], Subject: subject,
		},
		Recipients: recipients,
		Header:     []byte("From: library@school.test\r\nTo: " + recipients[0] + "\r\nSubject: " + subject + "\r\n\r\n"),
	})
	if err != nil {
		b.tb.Fatal(err)
	}
	return id
}
