package data

import (
	"strings"
	"time"
)

// Patron is one person of the library: a pupil, a teacher. It holds only what a notice needs.
type Patron struct {
	ID          int64      `json:"id"`
	Key         string     `json:"key"`  // by which the library system knows the person; unique, compared without case
	Card        string     `json:"card"` // barcode on the card, as text; empty: not known
	First       string     `json:"first_name"`
	Last        string     `json:"last_name"`
	Group       string     `json:"group"`               // class
	Level       string     `json:"level"`               // year
	Email       string     `json:"email"`               // empty: none
	Guardians   []Guardian `json:"guardians,omitempty"` // in the order of the file
	Language    string     `json:"language"`            // "en", "es", "fr", "de"; empty: the library's
	AutoOverdue bool       `json:"auto_overdue"`        // gets automatic notices
	Address     string     `json:"address"`             // postal, lines parted by \n, for letters on paper
	HoldUntil   Date       `json:"hold_until,omitzero"` // no letters and notices up to and including this day
	HoldReason  string     `json:"hold_reason,omitempty"`
	Left        Date       `json:"left,omitzero"` // missing from the complete list since; 0: still there
	Changed     time.Time  `json:"changed"`
	// ByHand are the fields a person changed here, with what the list said of each at that time: see ChangedByHand. The
	// store keeps it by itself.
	ByHand map[string]string `json:"by_hand,omitempty"`
}

// Name is first and last name as a letter says it.
func (p *Patron) Name() string { return strings.TrimSpace(p.First + " " + p.Last) }

// Held reports whether letters and notices rest on a day.
func (p *Patron) Held(on Date) bool { return p.HoldUntil >= on && p.HoldUntil != 0 }

// Guardian is one adult of a patron.
type Guardian struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	Role    string `json:"role"`    // as the source says: mother, guardian; empty: not said
	Notices bool   `json:"notices"` // may get letters and notices
}

// Loan is one thing a patron has taken home.
type Loan struct {
	ID         int64     `json:"id"`
	Patron     int64     `json:"patron"`
	Key        string    `json:"key"` // unique: the export's own loan number, else the patron's key and the barcode; see LoanKey
	Barcode    string    `json:"barcode"`
	Title      string    `json:"title"`
	Author     string    `json:"author"`
	CallNumber string    `json:"call_number"`
	Due        Date      `json:"due"`
	Issued     Date      `json:"issued,omitzero"`
	Price      string    `json:"price"` // as the file has it, with or without a currency; empty: not known
	HoldUntil  Date      `json:"hold_until,omitzero"`
	HoldReason string    `json:"hold_reason,omitempty"`
	Returned   time.Time `json:"returned,omitzero"` // since when it is missing from the list of loans; zero: still out
}

// DaysLate is by how many days a loan is late on a day; negative: it is due later.
func (l *Loan) DaysLate(on Date) int { return int(on) - int(l.Due) }

// Held reports whether letters and notices about this loan rest on a day.
func (l *Loan) Held(on Date) bool { return l.HoldUntil >= on && l.HoldUntil != 0 }

// LoanKey is the key of a loan whose list has no number of its own for it.
func LoanKey(patronKey, barcode string) string {
	return strings.ToLower(patronKey) + "\x1f" + strings.ToLower(barcode)
}

// Roster is people with all they have at home, as planning and letters want them.
type Roster struct {
	Patrons []Patron
	Loans   map[int64][]Loan        // by patron, earliest due first; those still out only
	Health  map[string]AddressState // by Address.Key, those in trouble only
}

// RosterQuery says which patrons; the zero value is all who did not leave.
type RosterQuery struct {
	Patrons  []int64 // only these; nil: all
	Groups   []string
	DueFrom  Date // only those with a loan due in these days; both 0: all
	DueTo    Date
	WithLeft bool // also those who left
	Loans    bool // fill Loans
}

// AddressState says whether mail to an address arrives. It belongs to the address, so it holds for everybody who uses it.
type AddressState struct {
	Address string        `json:"address"` // as Address.Key has it
	Health  AddressHealth `json:"health"`
	Reason  string        `json:"reason"` // one sentence
	Since   time.Time     `json:"since"`
	Message int64         `json:"message,omitempty"` // the message that failed; 0: none
}

// AddressHealth is a word for it.
type AddressHealth string

// The states of an address; one without a row is well.
const (
	AddressFailed  AddressHealth = "failed"  // a server said for good that it takes nothing
	AddressRefused AddressHealth = "refused" // its owner wants no mail
)

// PatronQuery asks for one page of patrons, by last name, first name, number. Those who left are in it only if they were
// looked for: by a search, or by FilterLeft or FilterOverdue.
type PatronQuery struct {
	Search  string  // every word begins a word of name, group, card, key or e-mail; empty: all
	Group   string  // only this group; empty: all
	Filter  Filter  // only those it names
	After   *Patron // those behind this one in the order; nil: from the first
	Limit   int     // 1 .. 500
	WithOut bool    // count loans out and overdue of each
	Today   Date    // for Overdue of a line
}

// Filter names patrons who need a look.
type Filter string

// The filters of the list of patrons.
const (
	FilterAll       Filter = ""
	FilterOverdue   Filter = "overdue"    // has something overdue
	FilterNoAddress Filter = "no-address" // neither an e-mail address nor a guardian's
	FilterBad       Filter = "bad"        // an address that failed or is refused
	FilterHeld      Filter = "held"
	FilterLeft      Filter = "left"
)

// PatronLine is one patron in a list.
type PatronLine struct {
	Patron
	Out     int  // loans
	Overdue int  // of these late
	Bad     bool // an address of the patron failed or is refused
}

// GroupCount is a group with how many are in it.
type GroupCount struct {
	Group   string `json:"group"`
	Patrons int    `json:"patrons"`
}

// PatronCounts is how many there are. Those who left count in Left and Overdue only.
type PatronCounts struct {
	Patrons   int `json:"patrons"`
	Loans     int `json:"loans"`      // still out
	Overdue   int `json:"overdue"`    // patrons with something late
	NoAddress int `json:"no_address"` // patrons
	Bad       int `json:"bad"`        // patrons with an address that failed or is refused
	Held      int `json:"held"`       // patrons
	Left      int `json:"left"`
}

// PatronFile is everything that is known about one person, for the person. Others are not named in it.
type PatronFile struct {
	Patron    Patron         `json:"patron"`
	Loans     []Loan         `json:"loans"`               // those that came back too
	Addresses []AddressState `json:"addresses,omitempty"` // of the patron's and guardians' addresses, those in trouble
	Events    []TimelineLine `json:"events,omitempty"`
	Decisions []Decision     `json:"decisions,omitempty"`
	Told      []ToldLine     `json:"told,omitempty"`
	Mails     []PatronMail   `json:"mails,omitempty"`
	Made      time.Time      `json:"made"`
}

// ToldLine is one line of the ledger.
type ToldLine struct {
	NoticeKey
	At time.Time `json:"at"`
}

// PatronMail is one mail about or to a patron as the queue knows it.
type PatronMail struct {
	Message   int64     `json:"message"`
	Recipient string    `json:"recipient"`
	Subject   string    `json:"subject"`
	Letter    string    `json:"letter,omitempty"` // key of the template
	Text      string    `json:"text,omitempty"`   // the mail itself, while it is kept
	State     State     `json:"state"`
	Reason    string    `json:"reason,omitempty"`
	Queued    time.Time `json:"queued"`
	Changed   time.Time `json:"changed"`
}

// PatronChange is what a person changes of many patrons at once; nil: it stays.
type PatronChange struct {
	AutoOverdue *bool
	Group       *string
}
