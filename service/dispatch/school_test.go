package dispatch_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/dispatch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// school is a queue on disk and two servers made of tables: no sockets, and the clock of a synctest bubble.
type school struct {
	t        *testing.T
	path     string
	store    *store.Store
	queue    *queue
	d        *dispatch.Dispatcher
	set      data.Settings
	server   [3]*server    // 1 and 2
	ahead    time.Duration // of the wall clock, which somebody may set
	begin    time.Time
	recorded []data.Result
	enough   func() bool
	number   int
}

// queue is the store with a disk that may be full.
type queue struct {
	*store.Store

	full     func(res *data.Result) bool // Next fails like this; nil: never
	busy     func(res *data.Result) bool // another program holds the database; nil: never
	hastened int64
}

func (q *queue) Next(ctx context.Context, res *data.Result, w *data.Want) (*data.Claim, error) {
	if q.full != nil && q.full(res) {
		return nil, &data.Error{Code: data.CodeDiskFull, Sentence: "The disk is full."}
	}
	if q.busy != nil && q.busy(res) {
		return nil, &data.Error{Code: data.CodeBusy, Sentence: "The database is in use by another program."}
	}
	return q.Store.Next(ctx, res, w)
}

func (q *queue) Hasten(ctx context.Context, after, due time.Time) (int64, error) {
	n, err := q.Store.Hasten(ctx, after, due)
	q.hastened += n
	return n, err
}

// try is one recipient offered to a server.
type try struct {
	at      time.Time
	message int64
	subject string
	to      string
	kind    data.Kind
}

// server answers from its tables.
type server struct {
	school *school
	number int
	down   func() *data.Outcome                          // why nobody can sign in; nil: all can
	reply  func(m data.Message, to string) *data.Outcome // nil: sent
	during func(ctx context.Context, m data.Message)     // happens while a message is sent
	dials  []time.Time
	tries  []try
}

type session struct {
	*server
	alive  bool
	closed bool
}

func (s *server) dial() (dispatch.Session, data.Outcome) {
	s.dials = append(s.dials, s.school.now())
	if s.down != nil {
		if o := s.down(); o != nil {
			return nil, *o
		}
	}
	return &session{server: s, alive: true}, data.Outcome{}
}

func (s *session) Send(ctx context.Context, c *data.Claim, b data.Body) ([]data.Outcome, bool) {
	if s.closed || !s.alive {
		s.school.t.Error("sent over a connection that is gone")
	}
	if r, err := b.Open(); err != nil {
		s.school.t.Error(err)
	} else {
		if n, err := io.Copy(io.Discard, r); err != nil || n != b.Size() {
			s.school.t.Errorf("%d of %d octets: %v", n, b.Size(), err)
		}
		_ = r.Close()
	}
	if s.during != nil {
		s.during(ctx, c.Message)
	}
	var outcomes []data.Outcome
	for _, d := range c.Deliveries {
		o := data.Outcome{Kind: data.KindSent, Phase: data.PhaseDot, Code: 250, Sentence: "Sent."}
		if !s.alive {
			o = data.Outcome{Kind: data.KindUntouched, Phase: data.PhaseRcpt, Sentence: "Not offered."}
		} else if s.reply != nil {
			if other := s.reply(c.Message, d.Recipient); other != nil {
				o = *other
			}
		}
		if o.Kind == data.KindServer || o.Kind == data.KindUncertain || (o.Kind == data.KindTemporary && o.Code == 0) {
			s.alive = false
		}
		s.tries = append(s.tries, try{s.school.now(), c.Message.ID, c.Message.Subject, d.Recipient, o.Kind})
		outcomes = append(outcomes, o)
	}
	return outcomes, true
}

func (s *session) Alive() bool { return s.alive && !s.closed }
func (s *session) Close()      { s.closed = true }

// open runs a test in a bubble with a fresh school.
func open(t *testing.T, f func(*school)) {
	t.Helper()
	dir := memory(t)
	synctest.Test(t, func(t *testing.T) {
		s := &school{t: t, path: filepath.Join(dir, "gateway.db"), set: data.DefaultSettings(), begin: time.Now()}
		s.set.PracticeLetters = false
		s.set.Server1.Host, s.set.From.Address = "mail.school.example", "library@school.example"
		s.server[1], s.server[2] = &server{school: s, number: 1}, &server{school: s, number: 2}
		q, err := store.Create(t.Context(), s.path, store.Options{Now: s.now})
		if err != nil {
			t.Fatal(err)
		}
		s.use(q)
		f(s)
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// memory is a folder on a disk in memory where there is one: it keeps the fsyncs of a hundred hours short, and what
// they are good for is the store's own business.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "dispatch") //nolint:usetesting // TempDir cannot choose the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (s *school) use(q *store.Store) {
	s.store, s.queue = q, &queue{Store: q}
	begin := time.Now()
	s.d = dispatch.New(s.queue, func(_ context.Context, v data.Server) (dispatch.Session, data.Outcome) {
		return s.server[v.Number].dial()
	}, dispatch.Options{
		Now: s.now, Elapsed: func() time.Duration { return time.Since(begin) }, Rand: rand.New(rand.NewPCG(3, 5)),
		Recorded: func(_ context.Context, r data.Result) { s.recorded = append(s.recorded, r) },
		Enough:   func() bool { return s.enough != nil && s.enough() },
	})
}

// pass lets time go by in the bubble, where nobody really waits.
func pass(d time.Duration) { <-time.After(d) }

// now is the wall clock, which somebody may set.
func (s *school) now() time.Time { return time.Now().Add(s.ahead) }

// restart is a service that was killed and comes back.
func (s *school) restart() {
	s.t.Helper()
	if err := s.store.Close(); err != nil {
		s.t.Fatal(err)
	}
	q, err := store.Open(s.t.Context(), s.path, store.Options{Now: s.now})
	if err != nil {
		s.t.Fatal(err)
	}
	s.use(q)
	if _, err := s.d.Rescue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// put queues a message; its subject names it.
func (s *school) put(class data.Class, subject string, to ...string) int64 {
	s.t.Helper()
	s.number++
	n := &data.NewMessage{
		Message: data.Message{
			Class: class, Door: data.DoorEnqueue, MessageID: fmt.Sprintf("<%d@school.example>", s.number),
			Sender: "library@school.example", From: "Library", To: strings.Join(to, ", "), Subject: subject,
		},
		Recipients: to,
		Header:     []byte("Subject: " + subject + "\r\n\r\n"),
		Body:       strings.NewReader("Dear reader,\r\n"),
	}
	if class == data.ClassReturn {
		n.Sender, n.NoReturn = "", true
	}
	id, err := s.store.Accept(s.t.Context(), n)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *school) putMany(class data.Class, n int, name string) {
	s.t.Helper()
	for i := range n {
		s.put(class, fmt.Sprintf("%s %d", name, i), fmt.Sprintf("%s%d@home.example", name, i))
	}
}

func (s *school) check(ask dispatch.Ask) dispatch.Summary {
	s.t.Helper()
	sum, err := s.d.Check(s.t.Context(), s.set, ask)
	if err != nil {
		s.t.Fatal(err)
	}
	return sum
}

// next is how long the service sleeps before the next check.
func (s *school) next() time.Duration {
	s.t.Helper()
	p, err := s.store.Pace(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	wait := s.d.NextCheck(s.set, p).Sub(s.now())
	if wait <= 0 {
		s.t.Fatalf("the next check would be at once, again and again: %v", wait)
	}
	return wait
}

// run is the service's loop for a while.
func (s *school) run(d time.Duration, each ...func(dispatch.Summary)) {
	s.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		sum := s.check(dispatch.Ask{})
		for _, f := range each {
			f(sum)
		}
		pass(min(s.next(), time.Until(end)))
	}
}

// count says how many deliveries stand in a state.
func (s *school) count(state data.State) int64 {
	s.t.Helper()
	c, err := s.store.Counts(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return c[state]
}

func (s *school) want(state data.State, n int64) {
	s.t.Helper()
	if got := s.count(state); got != n {
		s.t.Errorf("%d %s, want %d", got, state, n)
	}
}

// delivery finds one recipient of a message.
func (s *school) delivery(message int64, to string) data.Delivery {
	s.t.Helper()
	list, err := s.store.Deliveries(s.t.Context(), message)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range list {
		if d.Recipient == to {
			return d
		}
	}
	s.t.Fatalf("message %d has no recipient %s", message, to)
	return data.Delivery{}
}

// once checks that nobody got a message twice.
func (s *school) once() {
	s.t.Helper()
	got := map[string]int{}
	for n := 1; n <= 2; n++ {
		for _, y := range s.server[n].tries {
			if y.kind == data.KindSent {
				got[fmt.Sprintf("%d %s", y.message, y.to)]++
			}
		}
	}
	for what, n := range got {
		if n > 1 {
			s.t.Errorf("%s was sent %d times", what, n)
		}
	}
}

func wrongPassword() *data.Outcome {
	return &data.Outcome{
		Kind: data.KindServer, Phase: data.PhaseAuth, Code: 535, Enhanced: "5.7.8", Pause: data.PauseAuth,
		Sentence: "User name or password is wrong.", Blame: data.BlameSettings,
	}
}

func noAnswer() *data.Outcome {
	return &data.Outcome{
		Kind: data.KindServer, Phase: data.PhaseConnect, Pause: data.PauseShort, Sentence: "Nothing answers.", Blame: data.BlameIT,
	}
}

func busy() *data.Outcome {
	return &data.Outcome{Kind: data.KindTemporary, Phase: data.PhaseRcpt, Code: 450, Enhanced: "4.2.0", Sentence: "Come back later."}
}
