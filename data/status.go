package data

import (
	"encoding/json"
	"time"
)

// Heartbeat is what the running service says of itself, written at each check and change.
type Heartbeat struct {
	PID       int       `json:"pid"`
	Version   string    `json:"version"`
	Started   time.Time `json:"started"`
	Stopped   time.Time `json:"stopped,omitzero"` // zero: running, or died without a word
	LastCheck time.Time `json:"last_check,omitzero"`
	NextCheck time.Time `json:"next_check,omitzero"`
	Revision  int64     `json:"revision"`          // of the settings in force
	InForce   time.Time `json:"in_force,omitzero"` // since when that revision is in force
	Trouble   string    `json:"trouble,omitempty"` // the current trouble in words; empty: none
	Remedy    string    `json:"remedy,omitempty"`  // what to do about it
	ExitCode  int       `json:"exit_code,omitempty"`
}

// RequestKind is what somebody asks of the running service.
type RequestKind string

// The requests. Only the service can open the password, so Test and Probe are its to answer.
const (
	RequestTest  RequestKind = "test"  // send a test message and follow it to its end
	RequestProbe RequestKind = "probe" // look at a server step by step, sending nothing
	RequestCheck RequestKind = "check" // run a check at once, with a budget of its own
	// RequestNotices runs automatic notices at once; Server is the number of a run that awaits a yes, which it then has, or 0.
	RequestNotices RequestKind = "notices"
	// RequestSignIn finishes a sign-in: Sealed holds a SignInHandover, Details then a SignInAnswer.
	RequestSignIn RequestKind = "signin"
)

// Request is one row that another program wrote and the service answers step by step.
type Request struct {
	ID      int64
	Kind    RequestKind
	Server  int // for RequestProbe and RequestSignIn
	Asked   time.Time
	Taken   time.Time // zero: nobody has begun
	Done    time.Time // zero: under way
	Steps   []Step
	OK      bool
	Result  string // one sentence, when Done
	Details json.RawMessage
	Sealed  string `json:"-"` // of RequestSignIn, for the service alone; empty as soon as it was taken or nobody will
}

// Step is one line of a test or probe.
type Step struct {
	Name   string        `json:"name"` // "name", "connection", "protection", "greeting", "sign-in", "sender", "message", "file"
	OK     bool          `json:"ok"`
	Text   string        `json:"text"`
	Remedy string        `json:"remedy,omitempty"`
	Advice string        `json:"advice,omitempty"` // see Outcome.Advice
	Detail string        `json:"detail,omitempty"` // certificate fingerprint, the server's own line
	Took   time.Duration `json:"took_ns"`
}

// JournalKind sorts the journal for people.
type JournalKind string

// What the journal tells of.
const (
	JournalService  JournalKind = "service"  // started, stopped, and why
	JournalSettings JournalKind = "settings" // saved, in force, refused
	JournalIntake   JournalKind = "intake"   // a file refused, renamed, put back
	JournalCheck    JournalKind = "check"    // what one check did
	JournalFailed   JournalKind = "failed"   // a message failed, was held, was given up
	JournalTrouble  JournalKind = "trouble"  // trouble began or ended
	JournalPerson   JournalKind = "person"   // what somebody did: hold, release, cancel, send again
	JournalMail     JournalKind = "mail"     // return and log mails
	JournalImport   JournalKind = "import"   // lists taken in, held, undone
	JournalNotices  JournalKind = "notices"  // runs of automatic notices
)

// JournalLine is one thing that happened.
type JournalLine struct {
	ID      int64       `json:"id"`
	At      time.Time   `json:"at"`
	Kind    JournalKind `json:"kind"`
	Event   int         `json:"event,omitempty"`   // event number of the manual; 0: none
	Message int64       `json:"message,omitempty"` // the message concerned; 0: none
	Text    string      `json:"text"`
}

// Day is what the daily log tells: counts and addresses, never a title or a subject.
type Day struct {
	From, To  time.Time
	Sent      int64
	Failed    []FailedDelivery // at most 200, the newest
	FailedAll int64
	Held      int64
	Waiting   int64
	Cancelled int64
	Uncertain int64
	Oldest    time.Time // of what waits; zero: nothing waits
	Lines     []JournalLine
	// The library's side. Letters and Notices are of Sent, those of practice among them.
	Letters  int64
	Notices  int64
	Practice int64     // of Letters and Notices: they went to the Test to address
	Awaiting int64     // notices of runs that wait for a person's yes
	Loans    time.Time // when the list of loans was made; zero: there is none
	Closed   []Closed  // days on which the library is closed
}

// FailedDelivery is one address the day could not reach.
type FailedDelivery struct {
	Recipient string
	Reason    string
}

// ServerName is how texts name a server.
func ServerName(n int) string {
	if n == 2 {
		return "server 2"
	}
	return "server 1"
}
