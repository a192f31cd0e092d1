package gateway_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

// library is a school library with a running gateway, the folder its library system exports into, and a mail server. Its
// clock stands until it is set: in November 2025, which is past, so that files written now were not there before.
type library struct {
	*system

	t      *testing.T
	place  place.Place
	folder string
	server *relaytest.Server
	round  chan struct{} // the gateway has done something

	mu  sync.Mutex
	now time.Time

	gateway *gateway.Gateway
	stop    func()
	read    int // mails looked at already
}

// newLibrary is a library on the morning of Monday the 17th, before its gateway runs.
func newLibrary(t *testing.T, script relaytest.Script, settings ...string) *library {
	t.Helper()
	l := &library{
		system: &system{}, t: t, place: place.At(filepath.Join(t.TempDir(), "data")), folder: t.TempDir(), server: relaytest.Start(t, script),
		round: make(chan struct{}, 1), now: on(17, "08:00"),
	}
	values := map[string]string{
		"server1.host": l.server.Host, "server1.port": strconv.Itoa(l.server.Port), "server1.security": "none", "server1.allow_insecure": "true",
		"from.address": "library@school.org", "library.name": "The School Library", "log.daily_at": "", "minutes_between_checks": "1", "imports.folder": l.folder,
		"practice.letters": "false", "overdue.disclosure": "titles", "overdue.calendar": "next",
		"overdue.stages": "-3:due-soon:guardian-if-none,+1:overdue-first:guardian-if-none,+2:overdue-second:guardian-if-none",
	}
	for i := 0; i < len(settings); i += 2 {
		values[settings[i]] = settings[i+1]
	}
	l.open()
	l.save(values)
	t.Cleanup(func() { l.close() })
	return l
}

// on is a moment of November 2025.
func on(day int, clock string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", fmt.Sprintf("2025-11-%02d %s", day, clock), time.Local)
	if err != nil {
		panic(err)
	}
	return at
}

func (l *library) clock() time.Time { l.mu.Lock(); defer l.mu.Unlock(); return l.now }

// elapsed is the clock that nobody sets.
func (l *library) elapsed() time.Duration { return l.clock().Sub(on(1, "00:00")) }

func (l *library) set(at time.Time) { l.mu.Lock(); l.now = at; l.mu.Unlock() }

// Ready and the others make a host of the library: it hears when the gateway has done something.
func (l *library) Ready()                    { l.Status("") }
func (l *library) Alive()                    {}
func (l *library) AliveEvery() time.Duration { return 0 }

func (l *library) Status(string) {
	select {
	case l.round <- struct{}{}:
	default:
	}
}

func (l *library) open() {
	l.t.Helper()
	l.gateway = gateway.New(gateway.Options{Place: l.place, Version: "1", Now: l.clock, Elapsed: l.elapsed})
	if err := l.gateway.Open(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// start lets the gateway run, as it does when the computer is switched on.
func (l *library) start() {
	l.t.Helper()
	if l.gateway == nil {
		l.open()
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(l.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- l.gateway.Run(ctx, l) }()
	l.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			l.t.Error(err)
		}
	}
}

func (l *library) close() {
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
	if l.gateway != nil {
		if err := l.gateway.Close(); err != nil {
			l.t.Error(err)
		}
		l.gateway = nil
	}
}

// restart ends the program, and begins it anew on what it left behind.
func (l *library) restart() {
	l.t.Helper()
	l.close()
	l.start()
}

// at sets the clock, and waits until everything that is due then is done. Some minutes go by with it: duties that had begun
// before the clock was set do not count, and a mail that a check leaves behind goes with the next.
func (l *library) at(day int, clock string) {
	l.t.Helper()
	now := on(day, clock)
	if first := l.clock().Add(time.Minute); now.Before(first) {
		now = first
	}
	for n := 0; n < 2 || l.due(); n, now = n+1, now.Add(time.Minute) {
		if n > 9 {
			l.t.Fatalf("at %v: mails that are due do not go", l.clock())
		}
		l.set(now)
		l.gateway.Kick()
		l.until("a check is done at "+now.Format("Mon 15:04"), func() bool {
			b, err := l.store().Heartbeat(l.t.Context())
			return err == nil && b.LastCheck.Equal(now)
		})
	}
}

// due reports whether a mail waits that could go now.
func (l *library) due() bool {
	l.t.Helper()
	all, err := l.store().List(l.t.Context(), data.ListQuery{States: []data.State{data.Waiting, data.Sending}, Limit: 500})
	if err != nil {
		l.t.Fatal(err)
	}
	return slices.ContainsFunc(all, func(e data.Entry) bool { return e.State == data.Sending || !e.Due.After(l.clock()) })
}

// until waits for what the gateway does.
func (l *library) until(what string, ok func() bool) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), time.Minute)
	defer cancel()
	for !ok() {
		select {
		case <-l.round:
		case <-ctx.Done():
			b, err := l.store().Heartbeat(l.t.Context())
			l.t.Fatalf("it never came about that %s: %+v %v", what, b, err)
		}
	}
}

func (l *library) store() *store.Store { return l.gateway.Store() }

func (l *library) save(values map[string]string) {
	l.t.Helper()
	if _, err := l.store().SaveSettings(l.t.Context(), values, store.AnyRevision); err != nil {
		l.t.Fatal(err)
	}
}

// yes approves a run, as the window does it.
func (l *library) yes(run data.Run) {
	l.t.Helper()
	id, err := l.store().Ask(l.t.Context(), data.Request{Kind: data.RequestNotices, Server: int(run.ID)})
	if err != nil {
		l.t.Fatal(err)
	}
	l.gateway.Kick()
	l.until("the yes is answered", func() bool {
		r, err := l.store().Request(l.t.Context(), id)
		return err == nil && !r.Done.IsZero() && r.OK
	})
}

// byHand takes a list in as a person does, and keeps its mapping.
func (l *library) byHand(name, text string) {
	l.t.Helper()
	ctx := l.t.Context()
	path := filepath.Join(l.t.TempDir(), name)
	l.write(path, text, l.clock())
	f, err := roster.Open(path, roster.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	m := f.Propose("").Mapping
	m.Name, m.Complete = name, true
	today := data.DateOf(l.clock())
	b, dates, err := f.Read(ctx, m, today)
	if err != nil || len(dates) > 0 {
		l.t.Fatal(dates, err)
	}
	b.Taken = l.clock()
	old, err := l.store().Roster(ctx, data.RosterQuery{WithLeft: true, Loans: true})
	if err != nil {
		l.t.Fatal(err)
	}
	base, err := l.store().RosterRevision(ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	if _, err := l.store().Import(ctx, roster.Diff(b, old, base, today), nil); err != nil {
		l.t.Fatal(err)
	}
	if err := l.store().SaveMapping(ctx, m); err != nil {
		l.t.Fatal(err)
	}
}

// put is an export that ended at a moment.
func (l *library) put(name, text string, at time.Time) {
	l.t.Helper()
	l.write(filepath.Join(l.folder, name), text, at)
}

func (l *library) write(path, text string, at time.Time) {
	l.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		l.t.Fatal(err)
	}
}

// writes begins an export that takes its time; what it gives writes more of it, and ends it.
func (l *library) writes(name string) func(text string, end bool) {
	l.t.Helper()
	f, err := os.OpenFile(filepath.Join(l.folder, name), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = f.Close() })
	return func(text string, end bool) {
		l.t.Helper()
		_, err := f.WriteString(text)
		if end && err == nil {
			err = f.Close()
		}
		if err != nil {
			l.t.Fatal(err)
		}
	}
}
