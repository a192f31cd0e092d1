package screen

import (
	"context"
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// Letters is the screen from which a person sends letters: first what is wanted, then the list of who gets one, to look
// at, tick, queue and print.
type Letters struct {
	OnChange func()                          // something shown changed; nil: nobody looks
	OnNotice func(words string, undo func()) // something was done; nil: nobody listens

	desk    *Desk
	known   lettersKnown
	loaded  bool
	opened  int // which opening of the store known is from
	problem *data.Error
	asked   int64

	choice letterChoice
	list   *letterList // nil: none was made
	making context.CancelFunc
	trying error // why the last list could not be made; nil: it could
	job    *letterJob
	done   letterDone
}

// lettersKnown is what the store says that a choice is made from.
type lettersKnown struct {
	groups   []data.GroupCount
	own      []data.Template // of the school's own making, one of each key
	free     data.Template   // text of the free letter, in the library's language
	patrons  int
	revision int64 // of the roster
}

// NewLetters makes the screen; nothing is asked before Refresh.
func NewLetters(d *Desk) *Letters {
	l := &Letters{desk: d}
	l.choice.audience = data.ToPatron
	l.choose(letterKeys()[0])
	return l
}

// letterKeys are the letters that are shipped, in the order in which a librarian looks for them.
func letterKeys() []string {
	return []string{letter.KeyFirst, letter.KeySecond, letter.KeyFinal, letter.KeyAll, letter.KeyDueSoon, letter.KeyFree}
}

// letterWords are what a letter is called: the names people know from their library system.
func (d *Desk) letterWords(key string, own []data.Template) string {
	switch key {
	case letter.KeyFirst:
		return d.Say("Letters - Overdue First")
	case letter.KeySecond:
		return d.Say("Letters - Overdue Second")
	case letter.KeyFinal:
		return d.Say("Letters - Overdue Final")
	case letter.KeyAll:
		return d.Say("Letters - All Loans")
	case letter.KeyDueSoon:
		return d.Say("Letters - Due Soon")
	case letter.KeyFree:
		return d.Say("Free letter")
	}
	if i := slices.IndexFunc(own, func(t data.Template) bool { return t.Key == key }); i >= 0 && own[i].Name != "" {
		return own[i].Name
	}
	return key
}

// Refresh takes in that something changed, or reads for the first time. A list that was made stays as it is.
func (l *Letters) Refresh(c Change) {
	other := l.opened != l.desk.facts.Opened
	l.opened = l.desk.facts.Opened
	if other && l.loaded { // perhaps another database, where the same numbers are other people
		l.Back()
		l.loaded = false
	}
	if !c.Store && l.loaded {
		l.changed()
		return
	}
	l.asked++
	number, before, counted := l.asked, l.known, l.loaded
	GoStore(l.desk, func(ctx context.Context, s *store.Store) (lettersKnown, error) {
		return readLetters(ctx, s, l.desk.today(), before, counted)
	}, func(got lettersKnown, err error) {
		if number != l.asked {
			return
		}
		if l.problem = nil; err != nil {
			l.problem = asError(err)
		} else {
			l.known, l.loaded = got, true
			l.settle()
		}
		l.changed()
	})
}

// readLetters reads what a choice is made from; people are counted again only when one of them changed.
func readLetters(ctx context.Context, s *store.Store, today data.Date, before lettersKnown, counted bool) (got lettersKnown, err error) {
	if got.revision, err = s.RosterRevision(ctx); err != nil {
		return got, err
	}
	got.groups, got.patrons = before.groups, before.patrons
	if !counted || got.revision != before.revision {
		counts, err := s.PatronCounts(ctx, today)
		if err != nil {
			return got, err
		}
		got.patrons = counts.Patrons
		if got.groups, err = s.Groups(ctx); err != nil {
			return got, err
		}
		got.groups = slices.DeleteFunc(got.groups, func(g data.GroupCount) bool { return g.Group == "" })
	}
	all, err := s.Templates(ctx)
	if err != nil {
		return got, err
	}
	values, _, err := s.Settings(ctx)
	if err != nil {
		return got, err
	}
	set, _ := data.ParseSettings(values)
	language := libraryLanguage(&set)
	got.own = ownLetters(all, language)
	got.free, _ = letter.Original(letter.KeyFree, language)
	for _, t := range all {
		if t.Key == letter.KeyFree && t.Language == language {
			got.free = t
		}
	}
	return got, nil
}

func libraryLanguage(set *data.Settings) string {
	if set.Library.Language != "" {
		return set.Library.Language
	}
	return data.Languages()[0]
}

// ownLetters are the letters a school made itself, each once: in a language if there is one in it.
func ownLetters(all []data.Template, language string) []data.Template {
	var own []data.Template
	for _, t := range all {
		if slices.Contains(letter.Keys(), t.Key) {
			continue
		}
		i := slices.IndexFunc(own, func(o data.Template) bool { return o.Key == t.Key })
		switch {
		case i < 0:
			own = append(own, t)
		case t.Language == language:
			own[i] = t
		}
	}
	return own
}

func (l *Letters) changed() {
	if l.OnChange != nil {
		l.OnChange()
	}
}

func (l *Letters) notice(words string, undo func()) {
	if l.OnNotice != nil {
		l.OnNotice(words, undo)
	}
}

// Problem is why nothing can be shown; nil: nothing is wrong.
func (l *Letters) Problem() *data.Error { return l.problem }

// Loaded reports whether anything was read yet.
func (l *Letters) Loaded() bool { return l.loaded }

// Nobody reports whether there are no people to write to.
func (l *Letters) Nobody() bool { return l.loaded && l.known.patrons == 0 }

// mailerOf makes letters on a store, with the text that was typed for this once.
func (l *Letters) mailerOf(s *store.Store, c *letterChoice) (*mailing.Mailer, *letterStore) {
	on := &letterStore{Store: s, typed: c.typed()}
	return mailing.New(mailing.Options{Store: on, Now: l.desk.Now}), on
}

// letterStore is the store with a text nobody keeps, and it remembers what was queued.
type letterStore struct {
	*store.Store

	typed  []data.Template
	queued []int64
}

// Templates gives the texts in force, and the one that was typed.
func (s *letterStore) Templates(ctx context.Context) ([]data.Template, error) {
	all, err := s.Store.Templates(ctx)
	return append(all, s.typed...), err
}

// QueueLetters queues, and remembers the numbers of the messages.
func (s *letterStore) QueueLetters(ctx context.Context, letters []data.Letter) ([]int64, error) {
	ids, err := s.Store.QueueLetters(ctx, letters)
	if err == nil {
		s.queued = append(s.queued, ids...)
	}
	return ids, err
}

// storedSettings are the settings as they are stored now.
func storedSettings(ctx context.Context, s *store.Store) (data.Settings, error) {
	values, _, err := s.Settings(ctx)
	if err != nil {
		return data.Settings{}, err
	}
	set, _ := data.ParseSettings(values)
	return set, nil
}
