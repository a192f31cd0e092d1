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

// Lists are the words for the lists to look at, with how many are in each.
func (im *Import) Lists() []string {
	say := im.desk.Say
	words := []string{say("New"), say("Changed"), say("Gone"), say("Problems")}
	if im.kind == data.RosterLoans {
		words[ImportGone] = say("Came back")
	} else {
		words[ImportGone] = say("Have left")
	}
	for i := range words {
		words[i] = say("{{.State}} ({{.N}})", With("State", words[i], "N", thousands(im.counted(ImportList(i)))))
	}
	return words
}

// Listed is the list that is looked at, an index of Lists.
func (im *Import) Listed() int { return int(im.listed) }

// SetListed looks at another.
func (im *Import) SetListed(i int) {
	if i >= 0 && i <= int(ImportProblems) && ImportList(i) != im.listed {
		im.listed = ImportList(i)
		im.changed()
	}
}

// ImportCount is one number of a plan.
type ImportCount struct {
	N     string
	Words string
	Mark  Mark
}

// Counts are the numbers of what would change.
func (im *Import) Counts() []ImportCount {
	if im.plan == nil {
		return nil
	}
	say, set := im.desk.Say, im.plan.set
	gone, problems := say("have left"), len(set.Problems)+set.More
	if im.kind == data.RosterLoans {
		gone = say("came back")
	}
	all := []ImportCount{
		{thousands(len(set.New)), say("new"), MarkGood}, {thousands(len(set.Changed)), say("changed"), MarkBusy},
		{thousands(len(set.Gone)), gone, MarkOff}, {thousands(set.Same), say("as before"), MarkOff},
	}
	if set.Suspect != "" {
		all[2].Mark = MarkBad
	}
	last := ImportCount{thousands(problems), say("problems"), MarkOff}
	if problems == 1 {
		last.Words = say("problem")
	}
	if problems > 0 {
		last.Mark = MarkWarn
	}
	return append(all, last)
}

// Doubt is why the list looks cut short or wrong, with the numbers; empty: it does not. Such a one wants a second yes.
func (im *Import) Doubt() string {
	if im.plan == nil {
		return ""
	}
	return im.plan.set.Suspect
}

// Nothing reports whether the list says what is here already.
func (im *Import) Nothing() bool {
	return im.plan != nil && im.counted(ImportNew)+im.counted(ImportChanged)+im.counted(ImportGone) == 0
}

// PlanWords is what taking the list in would mean beyond the numbers, a sentence each.
func (im *Import) PlanWords() []string {
	if im.plan == nil {
		return nil
	}
	say, set := im.desk.Say, im.plan.set
	var all []string
	switch {
	case !im.Nothing():
	case set.Same == 0:
		all = append(all, say("There is nothing in this list that could be taken in."))
	case im.kind == data.RosterLoans:
		all = append(all, say("Everything is as it is here already. Taking it in notes that the loans are up to date."))
	default:
		all = append(all, say("Everything is as it is here already."))
	}
	switch {
	case set.Notices == 1:
		all = append(all, say("1 waiting notice would be cancelled, because what it speaks of is back."))
	case set.Notices > 1:
		all = append(all, say("{{.N}} waiting notices would be cancelled, because what they speak of is back.", With("N", thousands(set.Notices))))
	}
	switch {
	case set.ByHand == 1:
		all = append(all, say("1 patron keeps what was entered here by hand, though the list says otherwise."))
	case set.ByHand > 1:
		all = append(all, say("{{.N}} patrons keep what was entered here by hand, though the list says otherwise.", With("N", thousands(set.ByHand))))
	}
	if set.Batch.Complete && len(set.Gone) > 0 {
		words := say("The list counts as complete, so who is missing from it has left.")
		if im.kind == data.RosterLoans {
			words = say("The list counts as complete, so what is missing from it has come back.")
		}
		all = append(all, words)
	}
	if !set.Batch.Complete && im.MayComplete() {
		all = append(all, say("The list does not count as complete: nobody and nothing that is missing from it changes."))
	}
	return append(all, set.Batch.Notes...)
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
