package screen

import (
	"context"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// logPage is how many lines are read at a time; logMost how many are kept in hand before a person is told to narrow it.
const (
	logPage = 200
	logMost = 5000
)

// Log is what happened, newest first.
type Log struct {
	OnChange func()

	desk    *Desk
	query   data.LogQuery
	lines   []data.JournalLine
	day     string // as typed
	wrong   string // why day is none
	more    bool   // there are older lines that match
	loading bool
	asked   int // questions so far: an answer to an older one is dropped
	problem *data.Error
	export  exporting
}

// NewLog makes the screen; it holds nothing before Load.
func NewLog(d *Desk) *Log { return &Log{desk: d} }

// LogLine is one line in words.
type LogLine struct {
	When    string
	Kind    string // in words
	Mark    Mark
	Text    string
	Message int64 // the message it tells of; 0: none
}

// Len is how many lines are in hand.
func (l *Log) Len() int { return len(l.lines) }

// Line gives line i.
func (l *Log) Line(i int) LogLine {
	if i < 0 || i >= len(l.lines) {
		return LogLine{}
	}
	line := l.lines[i]
	return LogLine{
		When: l.desk.DayName(line.At) + ", " + line.At.Local().Format(time.TimeOnly),
		Kind: l.desk.kindWords(line.Kind), Mark: kindMark(line.Kind), Text: line.Text, Message: line.Message,
	}
}

// Full is line i on its own, with its event number, for reading and copying.
func (l *Log) Full(i int) string {
	if i < 0 || i >= len(l.lines) {
		return ""
	}
	return logText(&l.lines[i])
}

// Message finds the message line i tells of: found gets its first delivery, or none is told why there is nothing to show.
func (l *Log) Message(i int, found func(delivery int64), none func(what, next string)) {
	if i < 0 || i >= len(l.lines) || l.lines[i].Message == 0 {
		return
	}
	l.desk.FirstDelivery(l.lines[i].Message, found, none)
}

// Kinds are the words to pick a kind from; the first is all.
func (l *Log) Kinds() []string {
	words := []string{l.desk.Say("Everything")}
	for _, k := range data.JournalKinds() {
		words = append(words, l.desk.kindWords(k))
	}
	return words
}

// SetKind shows one kind, by its place in Kinds.
func (l *Log) SetKind(i int) {
	l.query.Kinds = nil
	if all := data.JournalKinds(); i > 0 && i <= len(all) {
		l.query.Kinds = all[i-1 : i]
	}
	l.Load()
}

// SetSearch shows lines in which every word typed occurs.
func (l *Log) SetSearch(typed string) {
	l.query.Search = data.Clean(typed, 200)
	l.Load()
}

// SetDay shows one day, typed as people write it; empty shows every day.
func (l *Log) SetDay(typed string) {
	l.day, l.wrong = typed, ""
	l.query.From, l.query.To = time.Time{}, time.Time{}
	if typed != "" {
		day, ok := parseDay(typed, l.desk.Now().Location())
		if !ok {
			l.wrong = l.desk.Say("Write the day as 24.11.2026 or 2026-11-24.")
			l.changed()
			return
		}
		l.query.From, l.query.To = day, day.AddDate(0, 0, 1)
	}
	l.Load()
}

// DayWrong is why the day typed is none; empty: it is one.
func (l *Log) DayWrong() string { return l.wrong }

// Load reads the newest lines that match.
func (l *Log) Load() { l.ask(0, logPage) }

// More reads older ones behind those in hand.
func (l *Log) More() {
	if l.more && !l.loading && len(l.lines) < logMost {
		l.ask(l.lines[len(l.lines)-1].ID, logPage)
	}
}

// Refresh reads what is new, keeping as many lines in hand as there are.
func (l *Log) Refresh(c Change) {
	if c.Store {
		l.ask(0, min(max(len(l.lines), logPage), 1000))
	}
}

// Problem is why nothing could be read; nil: it could.
func (l *Log) Problem() *data.Error { return l.problem }

// Loading reports whether an answer is under way.
func (l *Log) Loading() bool { return l.loading }

// Note is one sentence on what is shown.
func (l *Log) Note() string {
	d := l.desk
	switch {
	case l.problem != nil:
		return l.problem.Error()
	case l.loading && len(l.lines) == 0:
		return d.Say("Reading the log.")
	case len(l.lines) == 0 && l.filtered():
		return d.Say("Nothing in the log fits. Choose another day or kind, or search for less.")
	case len(l.lines) == 0:
		return d.Say("Nothing has happened yet. What the service does is written here.")
	case len(l.lines) >= logMost:
		return d.Say("The newest {{.N}} lines are shown. Choose a day to see older ones.", With("N", logMost))
	case l.more:
		return d.Say("The newest {{.N}} lines are shown; older ones follow as you go down.", With("N", len(l.lines)))
	case len(l.lines) == 1:
		return d.Say("One line.")
	}
	return d.Say("{{.N}} lines.", With("N", len(l.lines)))
}

func (l *Log) filtered() bool {
	return len(l.query.Kinds) > 0 || l.query.Search != "" || !l.query.From.IsZero()
}

func (l *Log) ask(before int64, limit int) {
	l.asked++
	l.loading = true
	asked, q := l.asked, l.query
	q.Before, q.Limit = before, limit
	GoStore(l.desk, func(ctx context.Context, s *store.Store) ([]data.JournalLine, error) {
		return s.Log(ctx, q)
	}, func(lines []data.JournalLine, err error) {
		if asked != l.asked {
			return
		}
		l.loading, l.problem = false, nil
		switch {
		case err != nil:
			l.problem = asError(err)
		case before == 0:
			l.lines, l.more = lines, len(lines) == limit
		default:
			l.lines, l.more = append(l.lines, lines...), len(lines) == limit
		}
		l.changed()
	})
}

func (l *Log) changed() {
	if l.OnChange != nil {
		l.OnChange()
	}
}

func (d *Desk) kindWords(k data.JournalKind) string {
	switch k {
	case data.JournalService:
		return d.Say("Service")
	case data.JournalSettings:
		return d.Say("Settings")
	case data.JournalIntake:
		return d.Say("Files taken in")
	case data.JournalCheck:
		return d.Say("Checks")
	case data.JournalFailed:
		return d.Say("Messages not sent")
	case data.JournalTrouble:
		return d.Say("Trouble")
	case data.JournalPerson:
		return d.Say("Done by a person")
	case data.JournalMail:
		return d.Say("Log and return mail")
	case data.JournalImport:
		return d.Say("Lists taken in")
	case data.JournalNotices:
		return d.Say("Automatic notices")
	}
	return string(k)
}

func kindMark(k data.JournalKind) Mark {
	switch k {
	case data.JournalTrouble:
		return MarkWarn
	case data.JournalFailed:
		return MarkBad
	case data.JournalCheck:
		return MarkGood
	case data.JournalService, data.JournalSettings, data.JournalIntake, data.JournalPerson, data.JournalMail,
		data.JournalImport, data.JournalNotices:
		return MarkOff
	}
	return MarkOff
}
