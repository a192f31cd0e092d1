package data

import (
	"slices"
	"time"
)

// NoticeKey is what a notice is known by in the ledger: the same loan, due date, stage and role are told once. A renewal
// has another due date and so another key. Practice keeps a ledger of its own.
type NoticeKey struct {
	Loan     string `json:"loan"` // Loan.Key
	Due      Date   `json:"due"`
	Stage    string `json:"stage"` // Stage.Name of an automatic notice
	Role     Role   `json:"role"`
	Practice bool   `json:"practice"`
}

// Ledger is what was told already, with the message that told it.
type Ledger map[NoticeKey]int64

// Letter is one mail of a batch of letters or notices on its way to the queue.
type Letter struct {
	Message *NewMessage
	Patron  int64       // about whom it is
	Run     int64       // run of automatic notices it belongs to; 0: sent by a person
	Notices []NoticeKey // entered in the ledger with it; none for a letter a person sends
	Loans   []string    // keys of all loans it speaks of: when one is back while it waits, it does not leave as it is
	Letter  string      // key of the template
	Role    Role
	// Once is not queued where the same reader has it: the same letter about the same loans waits, or one with the same
	// Digest waits or was sent on the same day. Means nothing to practice.
	Once   bool
	Digest string // of its words, in whatever form; empty: not known
	// Disclosure is how much a letter to a guardian says; empty: titles. When guardians are told less while it waits, it
	// does not leave as it is.
	Disclosure Disclosure
}

// StaleCause says what about a waiting letter no longer fits.
type StaleCause string

// The causes: only the first that holds is named.
const (
	StalePatron  StaleCause = "patron"  // deleted, left, held, or notices were switched off for the patron or the group: nothing may take its place
	StaleAddress StaleCause = "address" // no longer the patron's, or mail does not arrive at it
	StaleLoan    StaleCause = "loan"    // a loan is back, has another due date, is held, or somebody else has it
	StaleTelling StaleCause = "telling" // guardians of the group are told less by now, or nothing
)

// StaleLetter is a letter or notice that waits or is held and must not leave as it is.
type StaleLetter struct {
	Message  int64
	Patron   int64
	Run      int64  // 0: sent by a person
	Letter   string // key of the template
	Role     Role
	Practice bool
	Open     []string // recipients it did not reach yet
	Loans    []string // keys of all loans it speaks of
	Gone     []string // those of Loans that no longer fit
	Cause    StaleCause
	Why      string // one sentence
}

// AgedLetter is a letter or notice that fits, but waits since an earlier day: "3 days late" is no longer so.
type AgedLetter struct {
	StaleLetter        // without Gone, Cause and Why
	MessageID   string // which it keeps
}

// Reworded is the new text of a letter that waits.
type Reworded struct {
	Message int64
	With    *NewMessage // to the same recipient, under the same Message-ID
	// Disclosure is how much it says, as in Letter.
	Disclosure Disclosure
	Digest     string // as in Letter
}

// RunState is how far a run of automatic notices is.
type RunState string

// The states of a run.
const (
	RunPlanned  RunState = "planned"  // under way, or broken off: the next run does what is missing
	RunAwaiting RunState = "awaiting" // waits for a person's yes: the first one, or far more than usual
	RunHeld     RunState = "held"     // the loans are too old
	RunDone     RunState = "done"
	RunRefused  RunState = "refused" // a person said no: its notices are entered as told
)

// Run is one run of automatic notices, for one day.
type Run struct {
	ID       int64     `json:"id"`
	Day      Date      `json:"day"`  // as of which it looked
	From     Date      `json:"from"` // first day it caught up for; Day: none missed
	Began    time.Time `json:"began"`
	Ended    time.Time `json:"ended,omitzero"`
	State    RunState  `json:"state"`
	Why      string    `json:"why,omitempty"` // one sentence, for awaiting and held
	Practice bool      `json:"practice"`
	Planned  int       `json:"planned"` // mails
	Queued   int       `json:"queued"`
	Print    int       `json:"print"`   // patrons for the print pile
	Skipped  int       `json:"skipped"` // loans at a stage whose patron gets nothing
	// Unwritten are the loans at a stage whose notice could not be written, for want of a text: Why says which. They are
	// made up for when it is there.
	Unwritten int `json:"unwritten,omitempty"`
}

// Decision is why a patron did, or did not, get a notice about one loan in one run.
type Decision struct {
	Run     int64     `json:"run"`
	At      time.Time `json:"at"`
	Patron  int64     `json:"patron"`
	Loan    string    `json:"loan"` // Loan.Key
	Title   string    `json:"title,omitempty"`
	Due     Date      `json:"due"`
	Stage   string    `json:"stage"`
	Role    Role      `json:"role"`
	Ruling  Ruling    `json:"ruling"`
	Detail  string    `json:"detail,omitempty"`  // address, date or words that belong to the ruling
	Message int64     `json:"message,omitempty"` // queued; 0: none
}

// Ruling is what the engine decided about one loan.
type Ruling string

// The rulings.
const (
	RulingSend       Ruling = "send"
	RulingAlong      Ruling = "along"       // told in a mail that another loan caused
	RulingTold       Ruling = "told"        // the ledger has it
	RulingOff        Ruling = "off"         // automatic notices are not enabled for this patron
	RulingNoAddress  Ruling = "no-address"  // print pile
	RulingBadAddress Ruling = "bad-address" // the only address failed or is refused; print pile
	RulingHeldPatron Ruling = "held-patron"
	RulingHeldLoan   Ruling = "held-loan"
	RulingLeft       Ruling = "left"        // the patron is no longer in the list
	RulingUndecided  Ruling = "undecided"   // nobody chose yet what guardians are told
	RulingDisclose   Ruling = "nothing"     // guardians of this group are told nothing
	RulingTooLate    Ruling = "too-late"    // missed for longer than is caught up
	RulingLater      Ruling = "later-stage" // a later stage of the same loan speaks for this one
	RulingClosed     Ruling = "closed"      // the library is closed; it follows on the next open day
	RulingExcluded   Ruling = "excluded"    // the group gets no notices
	RulingRefused    Ruling = "refused"     // a person said no to the run
	RulingUnwritten  Ruling = "unwritten"   // there is no such letter, or its text has a mistake
)

// GroupRule is what differs for one group.
type GroupRule struct {
	Group      string     `json:"group"`
	Disclosure Disclosure `json:"disclosure"` // empty: as the setting says
	Excluded   bool       `json:"excluded"`   // no automatic notices
}

// With is the rule of a group that has two, under names that differ in blanks and capitals: whichever tells less holds.
func (r GroupRule) With(other GroupRule) GroupRule {
	order := []Disclosure{"", DiscloseTitles, DiscloseCount, DiscloseNothing}
	if slices.Index(order, other.Disclosure) > slices.Index(order, r.Disclosure) {
		r.Disclosure = other.Disclosure
	}
	r.Excluded = r.Excluded || other.Excluded
	return r
}

// Closed is a span of days on which the library is closed.
type Closed struct {
	ID     int64  `json:"id"`
	First  Date   `json:"first"`
	Last   Date   `json:"last"`
	Name   string `json:"name"`
	Source string `json:"source"` // file it came from; empty: entered by hand
}

// Template is the text of one kind of letter in one language.
type Template struct {
	Key      string    `json:"key"`      // "overdue-first", "due-soon", or of a school's own making
	Language string    `json:"language"` // "en", "es", "fr", "de"
	Name     string    `json:"name"`     // as people call it
	Subject  string    `json:"subject"`  // with placeholders
	Body     string    `json:"body"`     // with placeholders; paragraphs parted by empty lines
	Columns  []string  `json:"columns"`  // of [Items]: "title", "author", "barcode", "call-number", "due", "late", "price"
	Saved    time.Time `json:"saved,omitzero"`
	Own      bool      `json:"own"` // changed or made here; false: as it was shipped
}

// TimelineLine is one thing that happened to a patron, or did not, and why.
type TimelineLine struct {
	At       time.Time `json:"at"`
	Decision *Decision `json:"decision,omitempty"`
	Entry    *Entry    `json:"-"`                  // a mail about this patron as it stands
	Text     string    `json:"text,omitempty"`     // hold, import, edit: one sentence
	Practice bool      `json:"practice,omitempty"` // of a decision or a mail: it was only practice, the patron got nothing
	Kind     string    `json:"kind"`               // "notice", "mail", "import", "person"
}
