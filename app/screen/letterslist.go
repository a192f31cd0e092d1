package screen

import (
	"context"
	"maps"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// letterList is the list of letters a person looks through before they leave.
type letterList struct {
	batch    *mailing.Batch
	choice   letterChoice // that it was made from
	named    string
	about    string
	made     string // when
	revision int64  // of the roster it was made from
	show     mailing.Way
	from, to int // lines shown: those of one way stand side by side
}

// made is a list with the roster it was made from.
type made struct {
	batch    *mailing.Batch
	revision int64
}

// Making reports whether a list is being made.
func (l *Letters) Making() bool { return l.making != nil }

// StopMaking gives up on it.
func (l *Letters) StopMaking() {
	if l.making != nil {
		l.making()
	}
}

// Make makes the list of who gets the letter chosen. Nothing is written.
func (l *Letters) Make() { l.make(nil) }

// Again makes the same list once more, of people and loans as they are now. Who was unticked stays so.
func (l *Letters) Again() {
	if l.list == nil {
		return
	}
	unticked := map[letterID]bool{}
	for i := range l.list.batch.Lines {
		if line := &l.list.batch.Lines[i]; line.Way != mailing.LeftOut && !line.Ticked {
			unticked[idOf(line)] = true
		}
	}
	l.make(unticked)
}

// letterID tells one letter of a list from another, also of a list made later.
type letterID struct {
	patron int64
	role   data.Role
	to     string
}

func idOf(line *mailing.Line) letterID {
	return letterID{line.Patron.ID, line.Role, strings.Join(line.To, ",")}
}

func (l *Letters) make(unticked map[letterID]bool) {
	if l.making != nil || l.job != nil || l.list == nil && l.CannotMake() != "" {
		return
	}
	wanted, choice, about := l.wanted(), l.choice, l.aboutWords()
	choice.groups = maps.Clone(choice.groups)
	if l.list != nil && unticked != nil {
		wanted, choice = l.list.batch.Choice, l.list.choice
	}
	ctx, stop := context.WithCancel(l.desk.ctx)
	l.making, l.trying = stop, nil
	l.changed()
	GoStore(l.desk, func(_ context.Context, s *store.Store) (made, error) {
		revision, err := s.RosterRevision(ctx)
		if err != nil {
			return made{}, err
		}
		set, err := storedSettings(ctx, s)
		if err != nil {
			return made{}, err
		}
		m, _ := l.mailerOf(s, &choice)
		b, err := m.Prepare(ctx, &set, wanted)
		if err != nil {
			return made{}, err
		}
		for i := range b.Lines {
			if line := &b.Lines[i]; unticked[idOf(line)] {
				line.Ticked = false
			}
		}
		return made{b, revision}, nil
	}, func(got made, err error) {
		stopped := ctx.Err() != nil
		stop()
		l.making = nil
		switch {
		case stopped:
		case err != nil:
			l.trying = err
		default:
			next := &letterList{batch: got.batch, revision: got.revision, choice: choice, named: l.desk.letterWords(choice.key, l.known.own), about: about, made: l.desk.Clock(l.desk.Now())}
			if l.list != nil {
				next.about, next.show = l.list.about, l.list.show
			}
			l.known.revision = max(l.known.revision, got.revision)
			l.list = next
			next.narrow()
			if unticked == nil {
				l.done = letterDone{}
			}
		}
		l.changed()
	})
}

// aboutWords say to whom and about what the letters are.
func (l *Letters) aboutWords() string {
	say := l.desk.Say
	var to string
	switch l.choice.audience {
	case data.ToGuardian:
		to = say("to the guardians")
	case data.ToBoth:
		to = say("to the patron and the guardians")
	case data.ToEither:
		to = say("to the patron, or the guardians if there is no address")
	case data.ToPatron:
		to = say("to the patron")
	}
	return listed([]string{to, l.groupsMeant(), l.whichWords()})
}

// Trouble is why the list could not be made; nil: it could.
func (l *Letters) Trouble() *data.Error {
	if l.trying == nil {
		return nil
	}
	return asError(l.trying)
}

// Made reports whether there is a list.
func (l *Letters) Made() bool { return l.list != nil }

// Back puts the list away and goes back to the choice.
func (l *Letters) Back() {
	if l.job != nil {
		return
	}
	l.list, l.done = nil, letterDone{}
	l.changed()
}

// Title is what letters the list is of. About says to whom and about what they are.
func (l *Letters) Title() string {
	if l.list == nil {
		return ""
	}
	return l.list.named
}

// About says to whom the letters of the list are, about what, and when it was made.
func (l *Letters) About() string {
	if l.list == nil {
		return ""
	}
	return l.desk.Say("{{.About}}; made at {{.Time}}", With("About", l.list.about, "Time", l.list.made))
}

// Stale says that people or loans changed since the list was made; empty: they did not.
func (l *Letters) Stale() string {
	if l.list == nil || l.known.revision == l.list.revision {
		return ""
	}
	return l.desk.Say("Patrons or loans have changed since this list was made.")
}

// narrow finds the lines shown.
func (l *letterList) narrow() {
	lines := l.batch.Lines
	l.from, l.to = 0, len(lines)
	if l.show == "" {
		return
	}
	is := func(line mailing.Line) bool { return line.Way == l.show }
	l.from = max(slices.IndexFunc(lines, is), 0)
	for l.to = l.from; l.to < len(lines) && is(lines[l.to]); l.to++ { //nolint:revive // counts
	}
}

var letterWays = []mailing.Way{"", mailing.ByMail, mailing.OnPaper, mailing.LeftOut}

// Shows are the parts of the list that can be shown, with how many are in each.
func (l *Letters) Shows() []string {
	say := l.desk.Say
	words := []string{say("Everybody"), say("By e-mail"), say("On paper"), say("Left out")}
	if l.list == nil {
		return words
	}
	for i, way := range letterWays {
		n := len(l.list.batch.Lines)
		if way != "" {
			n = l.list.batch.Count(way, false)
		}
		words[i] = say("{{.State}} ({{.N}})", With("State", words[i], "N", thousands(n)))
	}
	return words
}

// Show is the part shown, an index of Shows.
func (l *Letters) Show() int {
	if l.list == nil {
		return 0
	}
	return slices.Index(letterWays, l.list.show)
}

// SetShow shows another part.
func (l *Letters) SetShow(i int) {
	if l.list != nil && i >= 0 && i < len(letterWays) {
		l.list.show = letterWays[i]
		l.list.narrow()
		l.changed()
	}
}

// line is the one shown in row i; nil: there is none.
func (l *Letters) line(i int) *mailing.Line {
	if l.list == nil || i < 0 || l.list.from+i >= l.list.to {
		return nil
	}
	return &l.list.batch.Lines[l.list.from+i]
}

// Empty says what stands in place of the list when there is nobody on it, and what to do.
func (l *Letters) Empty() (what, next string) {
	say := l.desk.Say
	switch {
	case l.list == nil:
		return "", ""
	case len(l.list.batch.Lines) == 0:
		return say("Nobody gets this letter: no loan fits."), say("Press Change to choose other groups, other loans or another letter.")
	case l.list.show == mailing.OnPaper:
		return say("Everybody can be reached by e-mail."), ""
	case l.list.show == mailing.LeftOut:
		return say("Nobody is left out."), ""
	}
	return say("Nobody here."), ""
}
