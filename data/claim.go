package data

import "time"

// Want says what dispatch would take next.
type Want struct {
	Now        time.Time
	Running    time.Duration // running clock now
	Server     int           // 1 or 2: deliveries bound to the other one are passed over
	Deferred   bool          // within a class, a delivery already tried goes first this turn; else a new one
	Horizon    time.Time     // deliveries due up to here; Now, or far away when a person said "send now"
	TriedLast  time.Time     // passes over deliveries whose last try began at or after this: once per check
	Lease      time.Time     // due written with the claim, before dialling: not earlier again, should the program die
	Recipients int           // at most this many recipients of the message, 1 .. 100
	Practice   bool          // practice mode is on: only practice copies and the program's own mails
	Letters    bool          // letters and notices are practised: of these only practice copies
	Message    int64         // only this message, due or not (Test); 0: any
	Bound      bool          // only deliveries bound to Server: the other server takes everything else
	Counted    bool          // counts against the budget of the interval
}

// Claim is one message taken for sending, with the recipients that are open, due and allowed. It is committed before
// anyone is dialled.
type Claim struct {
	Message    Message
	Deliveries []Delivery // state Sending
	Body       Body       // the checked octets, where they are few; nil: the store is asked for them
	Server     int
	Started    time.Time
	Counted    bool
}

// Verdict is what dispatch decided about one claimed delivery.
type Verdict struct {
	Delivery int64
	State    State // Sent, Waiting, Failed or Held
	Due      time.Time
	Charged  bool // counts as a try
	Bound    int  // server it is bound to from now on; 0: any
	Outcome  Outcome
}

// Result closes a claim.
type Result struct {
	Claim    *Claim
	Host     string // host:port that was dialled
	Ended    time.Time
	Handed   bool // MAIL was spoken: it stays counted against the budget
	Verdicts []Verdict
}

// Pace is the budget of the running interval: it survives Save, restart and crash.
type Pace struct {
	Start time.Time // when the interval began; zero: never
	Used  int       // messages handed over since
}

// ServerState is how a server is doing, kept so that a restart hammers nobody.
type ServerState struct {
	Server  int // 1 or 2
	Until   time.Time
	Pause   Pause
	Step    int       // how many pauses of this kind in a row
	Since   time.Time // when the trouble began; zero: none
	Outcome Outcome   // what was seen last
}

// Paused reports whether the server is left alone at now.
func (s ServerState) Paused(now time.Time) bool { return now.Before(s.Until) }
