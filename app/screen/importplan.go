package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// importPlan is what an import would do.
type importPlan struct {
	list  *openedList // as it was read
	set   *data.ChangeSet
	names map[string]string // of the patrons of loans, by folded key
	dates []data.DateQuestion
}

// ImportList is one of the lists a plan can be looked at by.
type ImportList int

// The lists, in the order shown.
const (
	ImportNew ImportList = iota
	ImportChanged
	ImportGone
	ImportProblems
)

// read reads the whole list and compares it with who and what is here.
func (im *Import) read() {
	l, m, today, stale := im.list, im.mapping, im.desk.today(), im.stale
	m.Name = data.Clean(strings.TrimSpace(im.name), 100)
	im.stale = true // whatever becomes of this: the next reading begins with the file as it is then
	importWork(im, im.desk.Say("Reading the list."), func(ctx context.Context, s *store.Store, tell func(done, total int64)) (*importPlan, error) {
		type got struct {
			list  *openedList
			batch *data.Batch
			dates []data.DateQuestion
		}
		read, err := patient(ctx, func(ctx context.Context) (g got, err error) {
			g.list = l
			if stale {
				o := l.options
				o.Progress = tell
				if g.list, err = openAs(l.path, o, nil, false); err != nil { //nolint:contextcheck // as in openFile
					return g, err
				}
			}
			g.list.told.Store(&tell)
			g.batch, g.dates, err = g.list.file.Read(ctx, m, today)
			return g, err
		})
		if err != nil || len(read.dates) > 0 {
			return &importPlan{dates: read.dates}, err
		}
		p, err := compare(ctx, s, read.batch, today)
		if p != nil {
			p.list = read.list
		}
		return p, err
	}, im.planned)
}

// compare says what a list would change.
func compare(ctx context.Context, s *store.Store, b *data.Batch, today data.Date) (*importPlan, error) {
	revision, err := s.RosterRevision(ctx) // before the roster: what changes in between is seen then, not missed
	if err != nil {
		return nil, err
	}
	old, err := s.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: b.Kind == data.RosterLoans})
	if err != nil {
		return nil, err
	}
	p := &importPlan{set: roster.Diff(b, old, revision, today)}
	if b.Kind == data.RosterLoans {
		p.names = make(map[string]string, len(old.Patrons))
		for i := range old.Patrons {
			p.names[strings.ToLower(old.Patrons[i].Key)] = old.Patrons[i].Name()
		}
	}
	p.set.Notices, err = s.CancelledBy(ctx, p.set)
	return p, err
}

// planned shows what would change, or asks what turned out to be in doubt.
func (im *Import) planned(p *importPlan, err error) {
	switch {
	case err != nil:
		im.fail(err)
	case len(p.dates) > 0:
		im.dates, im.step, im.stale = p.dates, ImportColumns, false
		im.said = Said{Words: im.desk.Say("A date in the list can be read in two ways. Say which, then go on."), Bad: true}
	default:
		im.step, im.plan, im.stale = ImportPlan, p, false
		if p.list != nil {
			p.list.fits, p.list.means = im.list.fits, im.list.means
			im.list = p.list
		}
		im.listed = ImportNew
		for _, l := range []ImportList{ImportNew, ImportChanged, ImportGone, ImportProblems} {
			if im.counted(l) > 0 {
				im.listed = l
				break
			}
		}
	}
}

func (im *Import) counted(l ImportList) int {
	if im.plan == nil {
		return 0
	}
	set := im.plan.set
	switch l {
	case ImportNew:
		return len(set.New)
	case ImportChanged:
		return len(set.Changed)
	case ImportGone:
		return len(set.Gone)
	default:
		return len(set.Problems)
	}
}

// ImportRow is one line of a list.
type ImportRow struct {
	Row  string // in the file; empty: it is not in it
	Who  string
	What string
	Full string // everything there is to say
}

// Len is how many lines the list has that is looked at.
func (im *Import) Len() int { return im.counted(im.listed) }

// Row is one of them.
func (im *Import) Row(i int) ImportRow {
	if i < 0 || i >= im.Len() {
		return ImportRow{}
	}
	set := im.plan.set
	switch im.listed {
	case ImportNew:
		return im.changedRow(&set.New[i])
	case ImportChanged:
		return im.changedRow(&set.Changed[i])
	case ImportGone:
		return im.changedRow(&set.Gone[i])
	default:
		return im.problemRow(&set.Problems[i])
	}
}

// EmptyList is what stands in place of lines.
func (im *Import) EmptyList() (what, next string) {
	say := im.desk.Say
	switch im.listed {
	case ImportNew:
		return say("Nothing is new."), ""
	case ImportChanged:
		return say("Nothing changes."), ""
	case ImportGone:
		return say("Nobody and nothing is gone."), ""
	default:
		return say("Every row can be taken in."), ""
	}
}

// MoreProblems says how many problems are not listed; empty: all are.
func (im *Import) MoreProblems() string {
	if im.plan == nil || im.plan.set.More == 0 || im.listed != ImportProblems {
		return ""
	}
	return im.desk.Say("{{.N}} more are not listed.", With("N", thousands(im.plan.set.More)))
}

func (im *Import) problemRow(p *data.RowProblem) ImportRow {
	r := ImportRow{Row: thousands(p.Row), Who: p.Value, What: sentences(p.Sentence, p.Remedy)}
	if p.Row == 0 {
		r.Row = ""
	}
	if p.Column != "" {
		r.Who = im.desk.Say("{{.Label}}: {{.Value}}", With("Label", p.Column, "Value", p.Value))
	}
	end := im.desk.Say("The rest of the row is taken in.")
	if p.Dropped {
		end = im.desk.Say("The row is left out.")
	}
	r.Full = strings.Join(slices.DeleteFunc([]string{r.Who, p.Sentence, p.Remedy, end}, func(s string) bool { return s == "" }), "\n\n")
	return r
}
