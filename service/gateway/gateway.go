// Package gateway is in charge of one running mail gateway: it ties store, drop folder, dispatch, relay and settle
// together, decides when a check is due, and answers what other programs ask. A trip through it:
//
//  1. Open takes the lock, opens the store, rescues what a crash left behind and holds what an older database may
//     already have sent.
//  2. Run applies the settings, watches folder and store, and runs a check whenever the interval says so.
//  3. A check scans the folder, lets dispatch drain the queue within its budget, and settles: files, return mail.
//  4. Once a day the automatic notices are made, and before each check what waits of them is looked at again.
//  5. Lists put into their folder are taken in: when they come, at each check, and before notices are made of them.
//  6. A server that was signed in to with a browser gets its token before each dial.
//  7. A sign-in that a window began is finished at once, where only the service can open the client secret.
//  8. Test, Probe and Once are the same machinery, asked for by a person.
package gateway

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/mail"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/dispatch"
	"smtpgateway/service/dropfolder"
	"smtpgateway/service/lists"
	"smtpgateway/service/notices"
	"smtpgateway/service/relay"
	"smtpgateway/service/settle"
	"smtpgateway/service/signin"
)

// Host is who runs the gateway: the OS service manager, a console, a test.
type Host interface {
	Ready()                    // store open, settings valid: running
	Status(text string)        // one line for the service manager
	Alive()                    // the main loop goes round: feeds the watchdog
	AliveEvery() time.Duration // how often a sign of life is wanted; 0: nobody watches
}

// Options is what a gateway needs from outside.
type Options struct {
	Place    place.Place
	Version  string
	Log      *slog.Logger         // nil: silent
	Now      func() time.Time     // nil: time.Now
	Elapsed  func() time.Duration // monotonic clock from any start; nil: the time since Open
	RootCAs  *x509.CertPool       // nil: the system's
	Timeouts relay.Timeouts       // zero: those of RFC 5321
	Grace    time.Duration        // how long a stop waits for the message in DATA; zero: 20 s
	SignIn   time.Duration        // how long an answer of Google's or Microsoft's sign-in service is waited for; zero: 30 s
	Lists    []string             // program and arguments of a process of its own that calls TakeLists; empty: this one takes lists in
	Rand     *rand.Rand           // nil: seeded by the system
	Step     func(data.Step)      // told of each step of a Test or Probe begun here; nil: nobody
	Done     func(data.Result)    // told of each recorded result; nil: nobody
}

// Gateway is one gateway on one data folder.
type Gateway struct {
	o            Options
	lock         *place.Lock
	store        *store.Store
	relay        *relay.Relay
	dispatch     *dispatch.Dispatcher
	settle       *settle.Settler
	notices      *notices.Notices
	keeper       keeper
	provider     *signin.Provider
	handed       sync.WaitGroup // sign-ins that windows handed over
	handing      sync.Mutex     // one of them speaks at a time
	listsOpening sync.Mutex     // one opens the folder for lists at a time
	kick         chan struct{}  // something was added: look before the timer does

	mu         sync.Mutex // guards what follows
	settings   data.Settings
	beat       data.Heartbeat
	folder     *dropfolder.Folder // nil: not there now
	folderAt   string
	troubles   map[string]trouble
	steps      func(data.Step) // listener of the Test under way
	enough     bool            // the check under way ends after its message
	resume     bool            // a check ended early for that: its budget is not used up
	lift       bool            // the settings changed, or somebody signed in: pauses end with the next check
	signIns    [2]data.SignIn  // of each server, as seen last
	dialling   int             // connections that are being made
	sending    int             // messages that are being handed over
	letIn      [2]data.Secret  // of each server, the token that it took last
	lists      *lists.Lists    // folder for lists; nil: none, or not there now
	listsAt    string
	listsAgain time.Time // when it wants another look; zero: no wish
	listsSince time.Time // since when notices wait for a list that is being written; zero: they do not
	again      time.Time // when the folder wants another look; zero: no wish

	maintained time.Time // courier's own: when retention and backup ran last
}

// New makes a gateway; nothing is opened yet.
func New(o Options) *Gateway {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Grace == 0 {
		o.Grace = 20 * time.Second
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) // #nosec G404 -- spreads retries, guards nothing
	}
	return &Gateway{o: o, kick: make(chan struct{}, 1), troubles: make(map[string]trouble)}
}

// Open takes the lock and makes the data folder usable. Errors are *data.Error; nothing stays open after one.
func (g *Gateway) Open(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, g.Close())
		}
	}()
	// The lock comes first: making folders beside a running gateway would put an empty one where the folder it watches
	// was a moment ago.
	g.lock, err = g.o.Place.Lock(ctx)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return err
	}
	if err := g.o.Place.Make(); err != nil {
		return err
	}
	if missing {
		if g.lock, err = g.o.Place.Lock(ctx); err != nil {
			return err
		}
	}
	if g.store, err = house.Open(ctx, g.o.Place, true, store.Options{Now: g.o.Now, Log: g.o.Log}); err != nil {
		return err
	}
	g.provider = signin.New(signin.Options{Now: g.o.Now, Log: g.o.Log, Wait: g.o.SignIn})
	g.keeper = signin.NewKeeper(signin.KeeperOptions{
		Store: g.store, Open: house.OpenSignIn(g.o.Place), Seal: house.SealSignIn(g.o.Place), Provider: g.provider,
		Proxy: func() string { return g.Settings().ProxyURL }, Now: g.o.Now, Log: g.o.Log,
	})
	g.relay = relay.New(relay.Options{Timeouts: g.o.Timeouts, Log: g.o.Log, RootCAs: g.o.RootCAs, SevenBit: mail.SevenBit})
	g.dispatch = dispatch.New(g.store, g.dial, dispatch.Options{Now: g.o.Now, Elapsed: g.o.Elapsed, Rand: g.o.Rand, Log: g.o.Log, Recorded: g.recorded, Enough: g.isEnough})
	g.settle = settle.New(settle.Options{Store: g.store, Open: g.openRoot, Now: g.o.Now, Log: g.o.Log})
	g.notices = notices.New(notices.Options{Store: g.store, Now: g.o.Now})
	return g.recover(ctx)
}

// recover mends what the last run left: a database older than the last run, or of another computer, holds everything,
// and deliveries found in the middle are uncertain.
func (g *Gateway) recover(ctx context.Context) error {
	stored, err := g.store.Checks(ctx)
	if err != nil {
		return err
	}
	last, err := g.o.Place.ReadCounter()
	if err != nil {
		return err
	}
	what := ""
	switch {
	case stored == 0 && last == 0: // the very first start: from now on a 0 beside the key means that it is another's
		if err := g.store.RaiseChecks(ctx, 1); err != nil {
			return err
		}
		if err := g.raiseCounter(ctx); err != nil {
			return err
		}
	case stored < last:
		what = "The database is older than the last run"
	case last == 0: // a copy: the computer it was made on may have gone on with it
		what = "The database comes from another computer"
	}
	if what != "" {
		n, err := g.store.HoldAll(ctx, what+": this message may have gone already.", "Look whether it arrived, then release or cancel it.")
		if err != nil {
			return err
		}
		g.notef(ctx, data.JournalTrouble, 0, "%s (restored?): %d waiting messages are held, some may have gone.", what, n)
		if err := g.store.RaiseChecks(ctx, last); err != nil {
			return err
		}
		if err := g.raiseCounter(ctx); err != nil {
			return err
		}
	}
	n, err := g.dispatch.Rescue(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		g.notef(ctx, data.JournalTrouble, 0, "The program ended in the middle of sending: %d deliveries may have arrived and are tried again later.", n)
	}
	return nil
}

// Store is the open store, for commands that run without a service.
func (g *Gateway) Store() *store.Store { return g.store }

// Flush records what a server said and could not be recorded before; to be called before Close by who does not Run.
func (g *Gateway) Flush(ctx context.Context) error {
	return g.dispatch.Flush(context.WithoutCancel(ctx))
}

// Close releases everything; harmless when repeated or when Open never ran.
func (g *Gateway) Close() error {
	var errs []error
	g.mu.Lock()
	folder := g.folder
	g.folder = nil
	g.mu.Unlock()
	g.closeLists()
	if folder != nil {
		errs = append(errs, folder.Close())
	}
	if g.keeper != nil {
		g.keeper.Close() // a renewal under way is kept first
		g.keeper = nil
	}
	if g.store != nil {
		errs = append(errs, g.store.Close())
		g.store = nil
	}
	if g.lock != nil {
		errs = append(errs, g.lock.Unlock())
		g.lock = nil
	}
	return errors.Join(errs...)
}

// Kick makes a running gateway look now for what was added.
func (g *Gateway) Kick() {
	select {
	case g.kick <- struct{}{}:
	default:
	}
}

// Settings in force.
func (g *Gateway) Settings() data.Settings {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.settings
}

func (g *Gateway) rules() mail.Rules {
	s := g.Settings()
	return mail.Rules{MaxBytes: s.MaxBytes(), From: s.From, Now: g.o.Now()}
}

func (g *Gateway) isEnough() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.enough
}

func (g *Gateway) setEnough(v bool) {
	g.mu.Lock()
	g.enough = v
	g.mu.Unlock()
}
