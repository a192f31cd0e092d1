package screen

import (
	"context"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// Facts is what every screen sees of the whole: read in one go, off the window's goroutine.
type Facts struct {
	At        time.Time
	Problem   *data.Error // why the store cannot be used; nil: it is open
	Opened    int         // how often the store was opened: another time may be another database
	Service   ServiceStatus
	Beat      data.Heartbeat
	Counts    data.Counts
	Settings  data.Settings
	Problems  data.Problems     // what stands against the stored settings
	Revision  int64             // of the stored settings
	Stored    map[string]string // the settings as they are stored, by field name: also what cannot be used; passwords sealed
	Folder    string            // the one that is watched: the setting, or the usual one
	TestedOn  time.Time         // zero: never
	TestOK    bool
	TestSaid  string
	LogTold   time.Time // up to when the daily log has told; zero: never
	Servers   [2]data.ServerState
	SignIns   [2]SignedIn
	UsedToday int64    // recipients handed to server 1 in the last 24 hours
	Notices   data.Run // run of automatic notices that waits for a person; the zero value: none
}

// Configured reports whether the settings can be used for sending.
func (f Facts) Configured() bool { return f.Problem == nil && !f.Problems.Refused() }

// Run opens the store and looks for changes until the desk is closed. It has a goroutine of its own.
func (d *Desk) Run() {
	if !d.begin() {
		return
	}
	defer d.finish(func() {})
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for woken := true; ; {
		d.look(woken)
		select {
		case <-d.ctx.Done():
			return
		case <-d.wake:
			woken = true
		case <-tick.C:
			woken = false
		}
	}
}

// LookOnce looks as Run does each time it is woken, on the caller's goroutine; for tests, in place of Run.
func (d *Desk) LookOnce() { d.look(true) }

// look opens the store if it must, finds out what changed since the last look, and tells the window's goroutine.
func (d *Desk) look(woken bool) {
	l := &d.looking
	now := d.o.Now()
	var c Change
	left := d.leave()
	if woken || left || now.Sub(l.tried) >= openEvery {
		c.Store = d.open(d.ctx)
		l.tried = now
	}
	s, release, problem := d.use()
	defer release()
	if s != nil {
		// An error is a change too: reading says in words what it is.
		if v, err := s.DataVersion(d.ctx); err != nil || v != l.version {
			l.version, c.Store = v, true
		}
	}
	c.Store = c.Store || woken || s == nil && !sameProblem(problem, l.last.Problem)
	c.Minute = !now.Truncate(time.Minute).Equal(l.last.At.Truncate(time.Minute))
	next := l.last
	next.At = now
	if c.Store || now.Sub(l.asked) >= serviceEvery {
		l.asked = now
		next.Service = d.askService(d.ctx)
		c.Service = next.Service != l.last.Service
	}
	if c.Store {
		next = d.read(d.ctx, s, problem, next)
	}
	if c != (Change{}) {
		l.last = next
		d.tell(next, c)
	}
}

// looking is what Run remembers between two looks.
type looking struct {
	last    Facts
	version int64     // of the store's data, as last seen
	asked   time.Time // when the system was last asked for the service
	tried   time.Time // when opening was last tried
}

func sameProblem(a, b *data.Error) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Code == b.Code && a.Sentence == b.Sentence
}

// tell hands facts to the window's goroutine.
func (d *Desk) tell(f Facts, c Change) {
	if !d.begin() {
		return
	}
	d.finish(func() {
		d.facts = f
		for _, w := range d.watchers {
			(*w)(c)
		}
	})
}

// read asks the store everything the whole is made of. What cannot be read makes a problem of all of it: half a picture
// would look like a calm one.
func (d *Desk) read(ctx context.Context, s *store.Store, problem *data.Error, f Facts) Facts {
	f.Problem = problem
	if s == nil {
		return f
	}
	d.mu.Lock()
	f.Opened = d.openings
	d.mu.Unlock()
	err := d.believe(ctx, s)
	if err == nil {
		err = d.readStore(ctx, s, &f)
	}
	if err != nil {
		if f.Problem = asError(err); lost(f.Problem) {
			d.giveUp(s, f.Problem)
		}
	}
	return f
}

// leave gives the store up when its file is no longer the one that was opened.
func (d *Desk) leave() bool {
	s, release, _ := d.use()
	defer release()
	if s == nil {
		return false
	}
	err := s.There()
	if e := asError(err); err != nil && lost(e) {
		d.giveUp(s, e)
		d.mu.Lock()
		d.doubted = false
		d.mu.Unlock()
		return true
	}
	return false
}

func (d *Desk) readStore(ctx context.Context, s *store.Store, f *Facts) (err error) {
	if f.Beat, err = s.Heartbeat(ctx); err != nil {
		return err
	}
	if f.Counts, err = s.Counts(ctx); err != nil {
		return err
	}
	values, revision, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	f.Stored = values
	f.Settings, f.Problems = data.ParseSettings(values)
	f.Problems = append(f.Problems, f.Settings.Check()...)
	f.Revision = revision
	if f.Folder = f.Settings.Folder; f.Folder == "" {
		f.Folder = d.o.Place.Folder
	}
	if f.TestedOn, f.TestOK, f.TestSaid, err = s.LastTest(ctx); err != nil {
		return err
	}
	if f.LogTold, err = s.LogTold(ctx); err != nil {
		return err
	}
	if f.Servers, err = s.ServerStates(ctx); err != nil {
		return err
	}
	for i := range f.SignIns {
		if f.SignIns[i].SignIn, f.SignIns[i].There, err = s.SignIn(ctx, i+1); err != nil {
			return err
		}
	}
	if f.UsedToday, err = s.Used(ctx, 1, f.At.Add(-24*time.Hour)); err != nil {
		return err
	}
	f.Notices, err = openRun(&noticesWork{ctx: ctx, store: s, mailer: mailing.New(mailing.Options{Store: s, Now: d.o.Now})}, &f.Settings)
	return err
}
