// Package screen is in charge of what each screen of the window knows and may ask, in plain Go: it reads and writes the
// store, asks the service, and puts what it learns into words. It draws nothing and knows no toolkit.
//
// Everything a screen holds belongs to one goroutine, the window's: its methods are called there and return at once.
// Work with disk, network or service happens on goroutines of the Desk, which come back through Post. A screen that has
// something new to show calls its OnChange.
package screen

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// How often the desk looks whether something changed. Asking the store costs no input or output; asking the system for
// its service does, so it is asked when the store changed and otherwise at the slower pace.
const (
	lookEvery    = time.Second
	serviceEvery = 5 * time.Second
	openEvery    = 3 * time.Second
)

// Options is what a Desk needs from outside.
type Options struct {
	Place       place.Place
	Version     string
	Service     Service                              // the service as the system or this computer runs it
	Desktop     Desktop                              // what is around the window
	Mail        MailFinder                           // asks DNS who carries the mail of a domain; nil: nobody is asked
	SignIns     SignIns                              // lets people sign in with Google or Microsoft; nil: nobody can
	Ports       PortFinder                           // finds the port of a mail server; nil: nobody can
	Sender      SenderChecker                        // tells whether mail will be trusted; nil: nobody can
	Post        func(f func())                       // runs f on the window's goroutine, in the order given; never blocks
	Preferences string                               // file for what this person chose about the window; empty: not kept
	Chosen      Preferences                          // what that file said when the program began, see LoadPreferences
	Now         func() time.Time                     // nil: time.Now
	Say         func(key string, data ...any) string // the words for a key in the person's language; nil: English
	Log         *slog.Logger                         // nil: silent
	Drawn       string                               // how the window is drawn, for IT; empty: not told
}

// Desk is what all screens share: the store once it is open, the service, the clock and the way off the window's
// goroutine and back.
type Desk struct {
	o      Options
	ctx    context.Context //nolint:containedctx // ends all work, which belongs to the desk and not to a call
	cancel context.CancelFunc
	wake   chan struct{}
	work   sync.WaitGroup

	looking looking // of the goroutine that looks

	mu       sync.Mutex  // for what work and the window's goroutine both see
	opening  *opening    // nil: the store is not open
	openings int         // how often it was opened
	doubted  bool        // it was opened anew because of damage, and nothing else lies there since
	leaving  int         // given up and still in use
	awaited  bool        // one of those is in the way of opening anew
	problem  *data.Error // why the store is not open; nil: it is
	closed   bool
	running  int // pieces of work under way or not yet shown

	facts    Facts              // of the window's goroutine from here on
	report   *data.SenderReport // the last sender check; nil: none yet, or not read yet
	asked    string             // what it went by; empty: not known any more
	watchers []*func(Change)
}

// Change says what a look found new.
type Change struct {
	Store   bool // something was written, or the store opened or closed
	Service bool // the service started, stopped, or was registered otherwise
	Minute  bool // the clock shows another minute: words such as "in 2 minutes" are stale
}

// NewDesk makes a desk that knows nothing yet; Run makes it look.
func NewDesk(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Say == nil {
		o.Say = English
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &Desk{o: o, wake: make(chan struct{}, 1), problem: &data.Error{Code: data.CodeBusy, Sentence: o.Say("Opening the database.")}}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	return d
}

// Say gives the words for key in the person's language; data fills its places.
func (d *Desk) Say(key string, data ...any) string { return d.o.Say(key, data...) }

// Now is the time as the desk's clock has it.
func (d *Desk) Now() time.Time { return d.o.Now() }

// Place is where store, keys and folder lie.
func (d *Desk) Place() place.Place { return d.o.Place }

// Version is the program's.
func (d *Desk) Version() string { return d.o.Version }

// Desktop is what is around the window.
func (d *Desk) Desktop() Desktop { return d.o.Desktop }

// Facts is what the last look found.
func (d *Desk) Facts() Facts { return d.facts }

// Watch calls f on the window's goroutine after every look that found something new, until stop is called there.
func (d *Desk) Watch(f func(Change)) (stop func()) {
	d.watchers = append(d.watchers, &f)
	return func() {
		// A copy: stop may be called from within a watcher.
		d.watchers = slices.DeleteFunc(slices.Clone(d.watchers), func(w *func(Change)) bool { return w == &f })
	}
}

// Wake makes the desk look at once: something was just changed here, or a person wants to try again.
func (d *Desk) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Close ends all work, waits for it, and closes the store.
func (d *Desk) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.work.Wait()
	d.mu.Lock()
	o := d.opening
	d.opening = nil
	d.mu.Unlock()
	if o == nil {
		return nil
	}
	return o.store.Close()
}

// Busy is how many pieces of work are under way or not yet shown.
func (d *Desk) Busy() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running
}

// begin counts a piece of work; false: the desk is closed and nothing may begin.
func (d *Desk) begin() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.running++
	d.work.Add(1)
	return true
}

// finish posts done, the last step of a piece of work, and uncounts it when that has run.
func (d *Desk) finish(done func()) {
	d.work.Done()
	d.o.Post(func() {
		if d.ctx.Err() == nil {
			done()
		}
		d.mu.Lock()
		d.running--
		d.mu.Unlock()
	})
}

// Go runs work off the window's goroutine and then done on it. The error of work is done's to show.
func Go[T any](d *Desk, work func(ctx context.Context) (T, error), done func(T, error)) {
	if !d.begin() {
		return
	}
	go func() {
		got, err := work(d.ctx)
		d.finish(func() { done(got, err) })
	}()
}

// GoStore is Go with the open store. While it cannot be opened, done gets the reason.
func GoStore[T any](d *Desk, work func(ctx context.Context, s *store.Store) (T, error), done func(T, error)) {
	Go(d, func(ctx context.Context) (T, error) {
		var none T
		s, release, problem := d.use()
		defer release()
		if s == nil {
			return none, problem
		}
		if err := d.believe(ctx, s); err != nil {
			return none, err
		}
		got, err := work(ctx, s)
		if code := data.CodeOf(err); code == data.CodeDamaged || code == data.CodeNoAccess {
			d.doubt(s, asError(err))
		}
		return got, err
	}, done)
}

// asError gives every error a sentence for a person; what speaks to nobody is for the log.
func asError(err error) *data.Error {
	if e := data.AsError(err); e != nil {
		return e
	}
	return &data.Error{Sentence: "Something went wrong inside the program.", Next: "Try again. If it happens again, use Copy for IT on the Log screen.", Err: err}
}
