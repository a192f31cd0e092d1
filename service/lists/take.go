package lists

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// List is one finished list, copied to where nobody changes it.
type List struct {
	Path   string    `json:"path"`   // of the copy, which has the name of the list
	Name   string    `json:"name"`   // in the folder
	Taken  time.Time `json:"taken"`  // when the picture was made
	Origin string    `json:"origin"` // see data.Batch
	Rests  bool      `json:"rests"`  // a list of loans is left for later while another one waits
}

// Order is what one look found.
type Order struct {
	Lists []List `json:"lists"`
	Waits bool   `json:"waits"` // another list is being written
}

// Doubt is why a list is held.
type Doubt struct {
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy"`
	Old      bool   `json:"old"` // a newer one of its kind is in: nobody need look at it
}

// Result is what became of one list; with neither a record nor a doubt it is to be looked at again.
type Result struct {
	List   int                `json:"list"`  // of Order.Lists
	Begun  bool               `json:"begun"` // nothing became of it yet: it is read now
	Kind   data.RosterKind    `json:"kind"`
	Record *data.ImportRecord `json:"record"`
	Doubt  *Doubt             `json:"doubt"`
}

// Taker takes lists in, in the order their kinds want, and tells of each as soon as it is dealt with. An error means that the
// store cannot be used; what was not told of stays as it is.
type Taker func(ctx context.Context, order Order, each func(Result) error) error

// arrived is one list that is looked at.
type arrived struct {
	List

	at      int
	file    *roster.File
	mapping data.Mapping
	saved   bool // the mapping is a saved one
	open    bool // only a person knows what its columns are
	kind    data.RosterKind
	fault   error
}

// Take takes lists in by this process.
func Take(ctx context.Context, s Store, now func() time.Time, order Order, each func(Result) error) error {
	t := &taking{store: s, now: now, each: each, waits: order.Waits}
	kept, err := s.Mappings(ctx)
	if err != nil {
		return err
	}
	all := make([]*arrived, len(order.Lists))
	for i, list := range order.Lists {
		if err := each(Result{List: i, Begun: true}); err != nil {
			return err
		}
		all[i] = &arrived{List: list, at: i}
		all[i].understand(kept) //nolint:contextcheck // it looks at the first rows
	}
	turn := map[data.RosterKind]int{data.RosterPatrons: 1, data.RosterAddresses: 2, data.RosterLoans: 3}
	slices.SortStableFunc(all, func(a, b *arrived) int {
		return cmp.Or(turn[a.kind]-turn[b.kind], a.Taken.Compare(b.Taken), cmp.Compare(a.Name, b.Name))
	})
	for i, a := range all {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // asked to stop: the next look goes on
		}
		if err := t.one(ctx, a); err != nil {
			return err
		}
		all[i] = nil // what a list holds is as much as a school
	}
	return nil
}

type taking struct {
	store Store
	now   func() time.Time
	each  func(Result) error
	waits bool
}

// understand finds out what a list is and which mapping it has.
func (a *arrived) understand(kept []data.Mapping) {
	a.file, a.mapping, a.saved, a.fault = roster.OpenSaved(a.Path, roster.Options{}, kept)
	if a.fault != nil {
		return
	}
	if !a.saved {
		p := a.file.Propose("")
		a.mapping, a.open = p.Mapping, len(p.Questions) > 0 || a.file.Look().Layout == ""
	}
	a.kind = a.mapping.Kind
}

// one takes one list in, or says why not.
func (t *taking) one(ctx context.Context, a *arrived) error {
	r := Result{List: a.at, Kind: a.kind}
	if a.kind == data.RosterLoans && a.Rests && t.waits {
		return t.each(r) // whose they are may stand in the list that is just being written
	}
	if err := t.each(Result{List: a.at, Kind: a.kind, Begun: true}); err != nil {
		return err
	}
	set, doubt, err := t.judge(ctx, a)
	if err != nil {
		return err
	}
	if doubt != nil {
		r.Doubt = doubt
		return t.each(r)
	}
	record, err := t.store.Import(ctx, set, nil)
	switch {
	case data.CodeOf(err) == data.CodeConflict: // a person was faster: look at it again
		t.waits = true
		return t.each(r)
	case err != nil:
		return err
	}
	r.Record = &record
	return t.each(r)
}

const byHand = "Import it once by hand and keep the mapping."

func doubt(sentence, remedy string) *Doubt { return &Doubt{Sentence: sentence, Remedy: remedy} }

func doubtOf(err error) *Doubt { return doubt(data.Words(err)) }

// judge says what a list would change, or why it is in doubt.
func (t *taking) judge(ctx context.Context, a *arrived) (*data.ChangeSet, *Doubt, error) {
	if a.fault != nil {
		return nil, doubtOf(a.fault), nil //nolint:nilerr // the list is at fault, not we
	}
	last, was, err := t.store.LastImport(ctx, a.kind)
	switch {
	case err != nil:
		return nil, nil, err
	case a.open:
		return nil, doubt("No mapping is saved for this list.", byHand), nil
	case !was:
		return nil, doubt("It is the first list of "+string(a.kind)+".", byHand), nil
	case !a.saved && a.mapping.Complete && !last.Complete:
		return nil, doubt("The last list of "+string(a.kind)+" listed some only; this one would count as complete.", byHand), nil
	case a.mapping.Complete && last.Complete && a.Taken.UnixMilli() < last.Taken.UnixMilli():
		d := doubt("The list is older than the one that was taken in last.", "Export a new one.")
		d.Old = true
		return nil, d, nil
	}
	b, d, err := t.read(ctx, a)
	if b == nil {
		return nil, d, err
	}
	revision, err := t.store.RosterRevision(ctx)
	if err != nil {
		return nil, nil, err
	}
	old, err := t.store.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: a.kind == data.RosterLoans})
	if err != nil {
		return nil, nil, err
	}
	set := roster.Diff(b, old, revision, data.DateOf(t.now()))
	if set.Suspect != "" {
		return nil, doubt(set.Suspect, "Look at the file. If it is right, import it by hand; else export it again."), nil
	}
	return set, nil, nil
}

func (t *taking) read(ctx context.Context, a *arrived) (*data.Batch, *Doubt, error) {
	b, dates, err := a.file.Read(ctx, a.mapping, data.DateOf(t.now()))
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, doubtOf(err), nil
	case len(dates) > 0:
		return nil, doubt("A date can be read in two ways. "+roster.AskDate(dates[0]), byHand), nil
	case len(b.Patrons)+len(b.Loans) == 0 && b.Rows > 0:
		return nil, doubt("None of its "+strconv.Itoa(b.Rows)+" rows can be taken in.", "Look at it once by hand."), nil
	}
	b.File, b.Taken, b.Origin = a.Name, a.Taken, a.Origin
	return b, nil, nil
}
