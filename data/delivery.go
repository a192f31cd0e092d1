package data

import "time"

// Delivery is one message on its way to one recipient.
type Delivery struct {
	ID         int64
	Message    int64
	Recipient  string
	State      State
	Due        time.Time     // not tried before; meaningful while Waiting
	Attempts   int           // tries that count: the server's own trouble is not charged
	FirstTried time.Duration // running clock (see Clock) at the first try; negative: not tried yet
	Uncertain  int           // times the connection was lost after the final dot
	Bound      int           // server it must go through because of that; 0: any
	Reason     string        // one sentence: why it stands where it stands
	Remedy     string        // what a person can do now; empty: nothing
	Code       int           // last reply code; 0: none
	Enhanced   string        // last enhanced status code (RFC 3463), "5.1.1"; empty: none
	Line       string        // the server's own words, cleaned and cut
	Changed    time.Time     // when State last changed
	Settled    bool          // its file and return mail are done
}

// Attempt is one try of one delivery: the history a person reads.
type Attempt struct {
	ID       int64 // of the tries of this delivery: 1 is the first
	Delivery int64
	Server   int    // 1 or 2
	Host     string // host:port as dialled
	Started  time.Time
	Ended    time.Time // zero: under way, or the program died
	Outcome  Outcome
	Charged  bool
}

// Entry is one line of the queue as a person sees it: a delivery with its message.
type Entry struct {
	Delivery
	Letter Message
}

// Counts is how many deliveries stand in each state.
type Counts map[State]int64

// ListQuery asks for one page of the queue, newest first. Pages go by key, never by offset.
type ListQuery struct {
	States   []State   // empty: all
	Search   string    // in addresses and subject; empty: all
	Message  int64     // only this message; 0: all
	Before   int64     // deliveries with a smaller ID than this, newest first; 0: from the newest
	After    int64     // deliveries with a larger ID than this; the page is still newest first
	QueuedBy time.Time // jump to a date: only messages queued at or before it; zero: all
	Limit    int       // 1 .. 500
}
