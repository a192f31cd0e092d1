// Package mailing is in charge of one batch of letters or notices, from the list of people to the queue or the printer:
//
//   - A run of automatic notices: data/notice plans it, a person may be asked first, the mails are composed and queued
//     in slices. Killed anywhere, the next run does what is missing: a mail and its place in the ledger are stored
//     together.
//   - A look again before anything leaves: a book that came back takes its waiting mail along.
//   - Letters that a person sends: the list with its reasons, preview, queue, print.
//   - A message to one patron.
//
// What may leave for real is decided here: in practice everything goes to the Test to address, with a banner.
package mailing

import (
	"context"
	"time"

	"smtpgateway/data"
)

// Store is what a mailing needs of the database.
type Store interface {
	Roster(ctx context.Context, q data.RosterQuery) (*data.Roster, error)
	LastImport(ctx context.Context, kind data.RosterKind) (data.ImportRecord, bool, error)
	Ledger(ctx context.Context, from, to data.Date) (data.Ledger, error)
	EnterLedger(ctx context.Context, keys []data.NoticeKey, run int64) error
	QueueLetters(ctx context.Context, letters []data.Letter) ([]int64, error)
	StaleLetters(ctx context.Context, today data.Date) ([]data.StaleLetter, error)
	AlsoTold(ctx context.Context, message int64) ([]string, error)
	ReplaceLetter(ctx context.Context, message int64, with *data.Letter, why string) error
	AgedLetters(ctx context.Context, since time.Time, after int64, limit int) ([]data.AgedLetter, error)
	RewordLetters(ctx context.Context, all []data.Reworded) (int, error)
	BeginRun(ctx context.Context, r data.Run) (data.Run, error)
	SaveRun(ctx context.Context, r data.Run) error
	Runs(ctx context.Context, limit int) ([]data.Run, error)
	RunByID(ctx context.Context, id int64) (data.Run, error)
	Usual(ctx context.Context) (median, runs int, err error)
	Decisions(ctx context.Context, run int64, after, limit int) ([]data.Decision, error)
	SaveDecisions(ctx context.Context, run int64, all []data.Decision) error
	DecisionsTold(ctx context.Context, run int64) error
	QueuedOfRun(ctx context.Context, run int64) (int, error)
	Templates(ctx context.Context) ([]data.Template, error)
	ClosedDays(ctx context.Context) ([]data.Closed, error)
	GroupRules(ctx context.Context) ([]data.GroupRule, error)
	NoticesFrom(ctx context.Context) (data.Date, error)
	SetNoticesFrom(ctx context.Context, day data.Date) error
	Approved(ctx context.Context) (time.Time, error)
	Approve(ctx context.Context, at time.Time) error
	Note(ctx context.Context, lines ...data.JournalLine) error
}

// slice is how many messages are composed and stored together: few enough that progress moves and a stop stops.
const slice = 100

// MostPractice is how many mails one batch sends in practice: they all go to the same person, who needs to see what
// they look like and not five hundred of them.
const MostPractice = 50

// Options is what mailings need from outside.
type Options struct {
	Store Store
	Now   func() time.Time // nil: time.Now. Its place decides which day it is
}

// Mailer makes mailings. It keeps nothing between two calls, so window and service may each have one.
type Mailer struct{ o Options }

// New makes a mailer on a store.
func New(o Options) *Mailer {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Mailer{o: o}
}

func (m *Mailer) today() data.Date { return data.DateOf(m.o.Now()) }

// Practising reports whether letters and notices go to the Test to address.
func Practising(s *data.Settings) bool { return s.Practice || s.PracticeLetters }

// ready says why letters cannot be written with these settings; nil: they can.
func ready(s *data.Settings) error {
	if s.From.Address == "" {
		return noFrom()
	}
	if Practising(s) && s.TestTo == "" {
		return &data.Error{
			Code: data.CodeNotConfigured, Sentence: "Letters are in practice mode, and there is no Test to address that they could go to.",
			Next: "Fill in the Test to address, or switch practice for letters off.",
		}
	}
	return nil
}

func noFrom() error {
	return &data.Error{Code: data.CodeNotConfigured, Sentence: "There is no From address for letters yet.", Next: "Fill in the From address in the settings."}
}
