package data

import (
	"fmt"
	"time"
)

// RosterKind says what a list holds.
type RosterKind string

// The kinds of lists.
const (
	RosterPatrons   RosterKind = "patrons"
	RosterLoans     RosterKind = "loans"
	RosterAddresses RosterKind = "addresses" // e-mail addresses for patrons who are here already, by card number
)

// Mapping says how the columns of one system's lists become ours. It is kept by its name.
type Mapping struct {
	Name        string            `json:"name"`
	Kind        RosterKind        `json:"kind"`
	Columns     map[string]string `json:"columns"`              // header as the file has it -> field of data/roster; those not named are ignored
	Dates       map[string]string `json:"dates,omitempty"`      // header -> order of its parts, once asked: "dmy", "mdy", "ymd"
	Encoding    string            `json:"encoding,omitempty"`   // empty: found by looking
	Separator   string            `json:"separator,omitempty"`  // empty: found by looking
	HeaderRow   int               `json:"header_row,omitempty"` // row with the names of the columns; 0: found by looking, -1: there is none
	NameOrder   string            `json:"name_order,omitempty"` // of a name in one cell: "last-first", "first-last"
	Complete    bool              `json:"complete"`             // who or what is missing from the list has left or is back
	AutoOverdue bool              `json:"auto_overdue"`         // new patrons get automatic notices, where the list does not say
	Saved       time.Time         `json:"saved,omitzero"`
}

// Batch is one list, read and checked.
type Batch struct {
	Kind     RosterKind
	File     string // name without a path
	Complete bool
	Taken    time.Time // when the picture was made: the file's own time
	Origin   string    // which file, with the hash of what is in it, of a list that is taken in by itself: once and no more. Empty: a person takes it in
	// Known are the fields of Patron and Loan that the list speaks of, by the names of Mapping; what it does not speak of is
	// left as it is.
	Known    map[string]bool
	Patrons  []BatchPatron
	Loans    []BatchLoan
	Rows     int          // rows of data in the file
	Problems []RowProblem // rows or values that were left out
	Ignored  []string     // headers of columns that were not read
	Mapping  Mapping      // as it was used
	// Rows = Patrons + Loans + Gone + Refused + Joined.
	Gone         []BatchPatron // people the list itself says have left, or whose card has run out: as if they were not in it, in a list that is not complete too
	Refused      int           // rows left out because of a problem
	Joined       int           // rows that belong to another row's person: a second contact, a guardian, the same row again
	Doubtful     []BatchLoan   // of the refused: loans that stand in the list all the same, so that nobody takes them for returned
	Unclear      []BatchPatron // of the refused: people who stand in the list all the same, so that nobody takes them for gone; numbers and names only
	CutAt        int           // row in the middle of which the file ends; 0: it does not
	MoreProblems int           // problems beyond those kept
	Notes        []string      // what a person should know of the list as a whole, one sentence each
}

// BatchPatron is a patron out of a list. ID, holds and Left mean nothing in it.
type BatchPatron struct {
	Patron
	Row int // in the file, the first one after the header is 2
}

// BatchLoan is a loan out of a list, with what says whose it is. ID, Patron and holds mean nothing in it.
type BatchLoan struct {
	Loan
	Row         int
	PatronKey   string // external id or card number; empty: by name and e-mail
	PatronCard  string
	PatronFirst string
	PatronLast  string
	PatronEmail string
}

// RowProblem is one value or row that cannot be taken.
type RowProblem struct {
	Row      int    `json:"row"`
	Column   string `json:"column,omitempty"` // empty: the row as a whole
	Value    string `json:"value,omitempty"`  // cleaned and cut
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy,omitempty"`
	Dropped  bool   `json:"dropped"` // the row is left out; else only the value
}

// ChangeSet is what an import would do, or did.
type ChangeSet struct {
	Batch     *Batch         `json:"-"`
	New       []Changed      `json:"-"`
	Changed   []Changed      `json:"-"`
	Gone      []Changed      `json:"-"` // left school, or back on the shelf
	Same      int            `json:"same"`
	Settled   []Changed      `json:"-"`                       // of Same: the list says by now what a person had entered, so the field is the list's again
	ByHand    int            `json:"by_hand"`                 // patrons with a field kept as a person entered it, though the list says something else
	Problems  []RowProblem   `json:"problems,omitempty"`      // those of the batch, and rows that belong to nobody
	More      int            `json:"more_problems,omitempty"` // problems beyond those kept
	Suspect   string         `json:"suspect,omitempty"`       // why the list looks cut short or wrong; empty: it does not. Such a one wants a second yes
	Base      int64          `json:"-"`                       // revision of the roster it was made against: see Store.Import
	Notices   int            `json:"notices"`                 // waiting notices that would be cancelled
	Questions []DateQuestion `json:"questions,omitempty"`
}

// Changed is one patron or loan before and after; a nil side was not or will not be there.
type Changed struct {
	Row           int
	Before, After *Patron
	Was, Is       *Loan
	Owner         string   // of a loan: the patron's key
	What          []string // fields that differ, by the names of Mapping
}

// DateQuestion is asked when every date of a column can be read in two ways.
type DateQuestion struct {
	Column string    `json:"column"`
	Value  string    `json:"value"`
	Orders [2]string `json:"orders"` // for Mapping.Dates
	Days   [2]Date   `json:"days"`   // Value read in each order
}

// ImportRecord is one import that was done.
type ImportRecord struct {
	ID       int64      `json:"id"`
	At       time.Time  `json:"at"`
	Kind     RosterKind `json:"kind"`
	File     string     `json:"file"`
	Mapping  string     `json:"mapping"`
	Taken    time.Time  `json:"taken"` // when the picture was made
	Complete bool       `json:"complete"`
	Rows     int        `json:"rows"`
	New      int        `json:"new"`
	Changed  int        `json:"changed"`
	Gone     int        `json:"gone"`
	Same     int        `json:"same"`
	Problems int        `json:"problems"`
	Notices  int        `json:"notices"` // waiting notices it cancelled
	Undone   time.Time  `json:"undone,omitzero"`
	Kept     int        `json:"kept,omitempty"` // of an undone one: patrons or loans left as they are, because something was done with them since
	Origin   string     `json:"-"`              // as in Batch; empty: a person took it in
	Undoable bool       `json:"undoable"`       // it is the last one of its kind that stands, and what it needs is kept
}

// Counts is what it did in numbers, without a word that tells of anybody: for the log.
func (r *ImportRecord) Counts() string {
	words := fmt.Sprintf("%s, %d new, %d changed, %d gone", numbered(r.Rows, "row", "rows"), r.New, r.Changed, r.Gone)
	if r.Problems > 0 {
		words += ", " + numbered(r.Problems, "problem", "problems")
	}
	if r.Notices > 0 {
		words += ", " + numbered(r.Notices, "waiting letter or notice cancelled", "waiting letters and notices cancelled")
	}
	return words + "."
}

// numbered is a number with the word that goes with it.
func numbered(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
