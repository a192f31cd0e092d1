// Package dispatch is in charge of when a message goes: what is due, who may go now, through which server, and when
// it is tried again. It decides and never dials: a Session handed in by its caller speaks SMTP, a Queue keeps what was
// decided.
//
// One check claims a message, has it sent, judges what the server said to each recipient, and records that in the same
// transaction that claims the next one. So at any crash at most one message is in doubt, and nobody is dialled for a
// message that could not be marked first.
package dispatch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"smtpgateway/data"
)

// Queue is what dispatch needs of the store. Every call is one transaction.
type Queue interface {
	// Next records a result and claims the next message; either may be nil. No claim: nothing may go now.
	Next(ctx context.Context, res *data.Result, want *data.Want) (*data.Claim, error)
	// Body gives the checked bytes of a message; data.CodeDamaged when they are not what was stored.
	Body(ctx context.Context, m data.Message) (data.Body, error)
	// Rescue puts back what a program that died had in its hands, as uncertain and due then.
	Rescue(ctx context.Context, due time.Time) (int, error)
	// Reopen puts failed deliveries nobody was told of back to waiting.
	Reopen(ctx context.Context, deliveries []int64, due time.Time, reason, remedy string) (int, error)
	// Stamp gives the next n due messages the reason why they could not go, and starts their clock.
	Stamp(ctx context.Context, w data.Want, n int, o data.Outcome) error
	// Overdue fails at most n due deliveries that were first tried limit of running time ago or more.
	Overdue(ctx context.Context, w data.Want, n int, limit time.Duration, o data.Outcome) ([]int64, error)
	// Hasten makes deliveries due that a clock running ahead had put later than after.
	Hasten(ctx context.Context, after, due time.Time) (int64, error)
	// Pace is the budget of the running interval; StartInterval begins a new one with nothing used.
	Pace(ctx context.Context) (data.Pace, error)
	StartInterval(ctx context.Context, start time.Time) error
	// Used counts the recipients handed to a server since then.
	Used(ctx context.Context, server int, since time.Time) (int64, error)
	// ServerStates is how the servers are doing.
	ServerStates(ctx context.Context) ([2]data.ServerState, error)
	SaveServerState(ctx context.Context, state data.ServerState) error
	// Running is how long services have run on this store; EndCheck adds to it and counts the check.
	Running(ctx context.Context) (time.Duration, error)
	EndCheck(ctx context.Context, ran time.Duration) (int64, error)
	// NextDue is when the next waiting delivery is due; false: nothing waits.
	NextDue(ctx context.Context) (time.Time, bool, error)
}

// Session is one connection to a server, signed in.
type Session interface {
	// Send offers the message to the claim's recipients: one outcome each, in their order. handed says that MAIL was
	// spoken. When ctx ends, so does Send, with what is true at that moment.
	Send(ctx context.Context, c *data.Claim, b data.Body) (outcomes []data.Outcome, handed bool)
	// Alive is false when the connection is of no more use.
	Alive() bool
	Close()
}

// Dial connects and signs in; without a session the outcome says why not.
type Dial func(ctx context.Context, s data.Server) (Session, data.Outcome)

// Options are the clocks, the dice and the listeners of a Dispatcher. The zero value is ready for use.
type Options struct {
	Now      func() time.Time                        // wall clock; nil: time.Now
	Elapsed  func() time.Duration                    // monotonic clock from any start; nil: the time since New
	Rand     *rand.Rand                              // for the waits; nil: seeded by itself
	Log      *slog.Logger                            // nil: none
	Enough   func() bool                             // asked between messages: true ends the check early; nil: never
	Recorded func(context.Context, data.Result)      // after each commit of a result; nil: none
	Paused   func(context.Context, data.ServerState) // after a server was paused or is well again; nil: none
}

// Ask is what is wanted of a check beyond the usual.
type Ask struct {
	Fresh   bool  // a budget of its own, not the interval's
	Now     bool  // somebody said "send now": waits and pauses are passed over; includes Fresh
	Message int64 // only this message, with a single try (Test), through server 1; includes Now. 0: any
}

// Summary tells what a check did. Numbers are deliveries, except Handed.
type Summary struct {
	Handed    int           `json:"handed"` // messages handed to a server
	Sent      int           `json:"sent"`
	Failed    int           `json:"failed"`
	Deferred  int           `json:"deferred"` // tried and waiting for another try
	Held      int           `json:"held"`
	Uncertain int           `json:"uncertain"`         // of those deferred or held: may have arrived
	Trouble   *data.Outcome `json:"trouble,omitempty"` // why a server is left alone now; nil: none is
	Server    int           `json:"server,omitempty"`  // the server in trouble
	Capped    bool          `json:"capped"`            // a server has had its recipients of 24 hours: the rest is carried over
	Left      bool          `json:"left"`              // more is due
	Checks    int64         `json:"checks,omitempty"`  // checks counted by the store so far; 0: this one was not worth counting
}

// Dispatcher runs checks, one at a time.
type Dispatcher struct {
	queue    Queue
	dial     Dial
	clock    clock
	log      *slog.Logger
	enough   func() bool
	recorded func(context.Context, data.Result)
	changed  func(context.Context, data.ServerState)

	check   sync.Mutex // held while a check runs; guards what follows
	rand    *rand.Rand
	turn    turn
	pending *data.Result  // said by a server, but not yet on disk
	reopen  *reopening    // what the breaker could not yet put back
	counted time.Duration // monotonic clock up to which running time is in the store
	ahead   time.Time     // the clock was here before it was set back: tries noted up to then were long ago
	seen    mark          // both clocks at the end of the last check

	pace   pace
	pauses [2]timer
	slow   slowdown
}

// New makes a dispatcher. Nothing is read or dialled yet.
func New(q Queue, dial Dial, o Options) *Dispatcher {
	d := &Dispatcher{
		queue: q, dial: dial, log: o.Log, rand: o.Rand, enough: o.Enough, recorded: o.Recorded, changed: o.Paused,
		clock: clock{now: o.Now, elapsed: o.Elapsed},
	}
	if d.clock.now == nil {
		d.clock.now = time.Now
	}
	if d.clock.elapsed == nil {
		begin := time.Now()
		d.clock.elapsed = func() time.Duration { return time.Since(begin) }
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if d.rand == nil {
		d.rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // spreads tries over minutes, keeps no secret
	}
	if d.enough == nil {
		d.enough = func() bool { return false }
	}
	d.counted = d.clock.elapsed()
	return d
}

// Rescue puts back what a program that died had in its hands: it may have arrived, so it waits as long as after a lost
// connection. To be called once, before the first Check. It returns how many deliveries were found.
func (d *Dispatcher) Rescue(ctx context.Context) (int, error) {
	d.check.Lock()
	defer d.check.Unlock()
	return d.queue.Rescue(ctx, d.clock.now().Add(slowWait(d.rand)))
}

// Lift ends every pause, because the settings changed and what was wrong may be right now.
func (d *Dispatcher) Lift(ctx context.Context) error {
	d.check.Lock()
	defer d.check.Unlock()
	for n := 1; n <= 2; n++ {
		if err := d.queue.SaveServerState(ctx, data.ServerState{Server: n}); err != nil {
			return err
		}
	}
	return nil
}

// Flush commits a result that could not be recorded before, if there is one: before anything else is sent, and as the
// last act of a service that stops. A database that is in use it asks several times. What stays unrecorded is found as
// uncertain by the next Rescue.
func (d *Dispatcher) Flush(ctx context.Context) error {
	d.check.Lock()
	defer d.check.Unlock()
	return d.patiently(flushTries, func() bool { return ctx.Err() != nil }, func() error { return d.flush(ctx) })
}

// How often is asked for a database that another program holds, such as one that takes a long list in. The store waits
// some seconds each time. A service that stops is not given long.
const (
	busyTries  = 12
	flushTries = 4
)

// patiently does something with the store again and again while another program holds it, up to some times: what a server
// said must not be in doubt for that.
func (d *Dispatcher) patiently(times int, stopped func() bool, f func() error) error {
	for try := 1; ; try++ {
		err := f()
		if data.CodeOf(err) != data.CodeBusy || try >= times || stopped() {
			return err
		}
		d.log.Warn("The database is in use by another program; asking again.", "error", err)
	}
}

func (d *Dispatcher) flush(ctx context.Context) error {
	if d.pending != nil {
		if _, err := d.queue.Next(ctx, d.pending, nil); err != nil {
			return err
		}
		done := d.pending
		d.pending = nil
		d.tell(ctx, done)
	}
	if d.reopen != nil {
		r := d.reopen
		if len(r.deliveries) == 0 {
			d.reopen = nil
			return nil
		}
		if _, err := d.queue.Reopen(ctx, r.deliveries, r.due, r.reason, r.remedy); err != nil {
			return err
		}
		d.reopen = nil
	}
	return nil
}

func (d *Dispatcher) tell(ctx context.Context, r *data.Result) {
	if d.recorded != nil {
		d.recorded(ctx, *r)
	}
}
