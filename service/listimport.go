package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// importFlags say what a person knows of a list.
type importFlags struct {
	mapping, dateOrder, nameOrder, save string
	encoding, separator, sheet          string
	headerRow                           int
	columns                             []string
	complete, partial                   bool
	auto, addresses                     bool
	dryRun, yes                         bool
}

func (f *importFlags) add(c *cobra.Command, kind data.RosterKind) {
	c.Flags().StringVar(&f.mapping, "mapping", "", "what the columns mean, as kept under this name; "+string(kind)+" mappings shows them")
	c.Flags().StringArrayVar(&f.columns, "map", nil, "what a column holds: \"Header=field\", several parted by commas; \"Header=\" leaves it out")
	c.Flags().StringVar(&f.dateOrder, "date-order", "", "how days are written where nobody can tell: dmy, mdy or ymd")
	c.Flags().StringVar(&f.nameOrder, "name-order", "", "of names in one cell: last-first or first-last")
	c.Flags().BoolVar(&f.complete, "complete", false, "it lists everybody or everything: what is missing has left or is back")
	c.Flags().BoolVar(&f.partial, "partial", false, "it lists some only: what is missing stays as it is")
	c.Flags().StringVar(&f.encoding, "encoding", "", "how letters are written, such as utf-8 or windows-1252; empty: found by looking")
	c.Flags().StringVar(&f.separator, "separator", "", "character between columns; empty: found by looking")
	c.Flags().StringVar(&f.sheet, "sheet", "", "of a workbook, or file of a zip file; empty: found by looking")
	c.Flags().IntVar(&f.headerRow, "header-row", 0, "row with the names of the columns, -1: there is none, 0: found by looking")
	c.Flags().StringVar(&f.save, "save-mapping", "", "keep all this under a name: the next list of this shape is taken in without a question")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "only show what would change")
	c.Flags().BoolVar(&f.yes, "yes", false, "take it in without asking, also when it looks cut short")
	if kind == data.RosterPatrons {
		c.Flags().BoolVar(&f.auto, "auto-overdue", true, "new patrons get automatic notices, where the list does not say")
		c.Flags().BoolVar(&f.addresses, "addresses", false, "it holds e-mail addresses by card number, for patrons who are here already")
	}
}

func (a *app) importCommand(kind data.RosterKind) *cobra.Command {
	var f importFlags
	c := &cobra.Command{Use: "import FILE", Short: "Take in a list of " + string(kind) + " that another system exported", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		roomy()
		kind := kind
		if f.addresses {
			kind = data.RosterAddresses
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			im := &listImport{app: a, cmd: c, store: s, kind: kind, flags: &f, path: args[0], today: data.DateOf(time.Now())}
			return im.run(c.Context())
		})
	}}
	f.add(c, kind)
	return c
}

// listImport is one list on its way in.
type listImport struct {
	app   *app
	cmd   *cobra.Command
	store *store.Store
	kind  data.RosterKind
	flags *importFlags
	path  string
	today data.Date

	file    *roster.File
	mapping data.Mapping
	open    []roster.Question // what only a person knows
	batch   *data.Batch
	set     *data.ChangeSet
	record  *data.ImportRecord
	saved   string
}

func (im *listImport) run(ctx context.Context) error {
	if err := im.understand(ctx); err != nil {
		return err
	}
	im.look()
	if err := im.answers(); err != nil {
		return err
	}
	if err := im.read(ctx); err != nil {
		return err
	}
	if err := im.compare(ctx); err != nil {
		return err
	}
	im.plan()
	if im.flags.dryRun {
		im.app.sayf("Nothing was changed: this was a try.")
		return im.answer()
	}
	if err := im.agreed(); err != nil {
		return err
	}
	if err := im.take(ctx); err != nil {
		return err
	}
	im.done()
	return im.answer()
}

// understand opens the file and finds out, or is told, what its columns mean.
func (im *listImport) understand(ctx context.Context) error {
	f := im.flags
	if im.path == "-" {
		return usage("A list is read from a file, not from standard input.", "Save it as a file first.")
	}
	if f.headerRow < -1 {
		return usage("There is no such row.", "Use the number of a row, -1 if no row has names, or 0 to have it looked for.")
	}
	if f.complete && f.partial {
		return usage("A list is either complete or partial.", "Use one of --complete and --partial.")
	}
	o := roster.Options{Encoding: f.encoding, Separator: separatorOf(f.separator), Sheet: f.sheet, HeaderRow: f.headerRow, Progress: im.app.readProgress()}
	kept, err := im.kept(ctx)
	if err != nil {
		return err
	}
	if len(f.columns) > 0 && f.mapping == "" {
		kept = nil // the person says it anew
	}
	var fits bool
	im.file, im.mapping, fits, err = roster.OpenSaved(im.path, o, kept) //nolint:contextcheck // it looks at the first rows
	if err != nil {
		return err
	}
	if !fits {
		if f.mapping != "" {
			_, _, err := im.file.Read(ctx, kept[0], im.today) // says which column is missing
			return err
		}
		if k := im.file.Kind(); len(f.columns) == 0 && k != im.kind && (k == data.RosterLoans || im.kind == data.RosterLoans) {
			return &data.Error{
				Code: data.CodeBadList, Sentence: fmt.Sprintf("The file looks like a list of %s.", k),
				Next: fmt.Sprintf("Use smtp-gateway %s import, or say what its columns mean with --map.", k),
			}
		}
		p := im.file.Propose(im.kind)
		im.mapping, im.open = p.Mapping, p.Questions
	}
	return im.told()
}

// kept are the saved mappings that may be meant.
func (im *listImport) kept(ctx context.Context) ([]data.Mapping, error) {
	all, err := im.store.Mappings(ctx)
	if err != nil {
		return nil, err
	}
	name := im.flags.mapping
	all = slices.DeleteFunc(all, func(m data.Mapping) bool {
		return m.Kind != im.kind || name != "" && !strings.EqualFold(m.Name, name)
	})
	if name != "" && len(all) == 0 {
		return nil, &data.Error{
			Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no mapping %q for a list of %s.", data.Clean(name, 60), im.kind),
			Next: "smtp-gateway patrons mappings shows them.",
		}
	}
	return all, nil
}

// told puts what the flags say into the mapping.
func (im *listImport) told() error {
	f, m := im.flags, &im.mapping
	columns, err := readColumns(f.columns, im.kind, im.file.Look().Headers)
	if err != nil {
		return err
	}
	if len(columns) > 0 {
		*m = withColumns(*m, columns)
		im.open = slices.DeleteFunc(im.open, func(q roster.Question) bool {
			return slices.ContainsFunc(q.Choices, func(c roster.Choice) bool {
				_, said := columns[c.Value]
				return said
			})
		})
	}
	if f.complete || f.partial {
		m.Complete = f.complete
	}
	if im.cmd.Flags().Changed("auto-overdue") {
		m.AutoOverdue = f.auto
	}
	switch f.nameOrder {
	case "":
	case "last-first", "first-last":
		m.NameOrder = f.nameOrder
		im.open = slices.DeleteFunc(im.open, func(q roster.Question) bool { return len(q.Choices) > 0 && q.Choices[0].Value == "last-first" })
	default:
		return usage(fmt.Sprintf("%q is no order of names.", data.Clean(f.nameOrder, 40)), "Use last-first or first-last.")
	}
	switch f.dateOrder {
	case "", "dmy", "mdy", "ymd":
	default:
		return usage(fmt.Sprintf("%q is no order of dates.", data.Clean(f.dateOrder, 40)), "Use dmy, mdy or ymd.")
	}
	if f.save != "" {
		m.Name = data.Clean(f.save, 100)
	}
	return nil
}

// read reads the rows; where dates can be read in two ways a person is asked.
func (im *listImport) read(ctx context.Context) error {
	for {
		batch, dates, err := im.file.Read(ctx, im.mapping, im.today)
		if err != nil {
			return err
		}
		if len(dates) == 0 {
			im.batch = batch
			return nil
		}
		for _, q := range dates {
			order, err := im.askDate(q)
			if err != nil {
				return err
			}
			im.mapping = roster.AnswerDate(im.mapping, q, order)
		}
	}
}

// compare says what the list would change.
func (im *listImport) compare(ctx context.Context) error {
	revision, err := im.store.RosterRevision(ctx) // before the roster: what changes in between is seen then, not missed
	if err != nil {
		return err
	}
	old, err := im.store.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: im.kind == data.RosterLoans})
	if err != nil {
		return err
	}
	im.set = roster.Diff(im.batch, old, revision, im.today)
	im.set.Notices, err = im.store.CancelledBy(ctx, im.set)
	return err
}

// take writes it. What a service or a window changed meanwhile is looked at again, and never makes the list mean more than
// the person saw without the guard looking at it too.
func (im *listImport) take(ctx context.Context) error {
	for tries := 0; ; tries++ {
		r, err := im.store.Import(ctx, im.set, im.app.progress("rows written"))
		if err == nil {
			im.record = &r
			break
		}
		if data.CodeOf(err) != data.CodeConflict || tries == 3 {
			return err
		}
		if err := im.compare(ctx); err != nil {
			return err
		}
		if err := im.agreed(); err != nil {
			return err
		}
	}
	ctx = context.WithoutCancel(ctx) // it is done: a stop comes too late
	var errs []error
	if im.flags.save != "" {
		m := im.mapping
		m.Kind = im.kind
		errs = append(errs, im.store.SaveMapping(ctx, m))
		im.saved = m.Name
	}
	errs = append(errs, noteImport(ctx, im.store, "imported by a person", im.record))
	return errors.Join(errs...)
}

// noteImport writes into the log what a person did, in numbers only.
func noteImport(ctx context.Context, s *store.Store, what string, r *data.ImportRecord) error {
	return s.Note(ctx, data.JournalLine{Kind: data.JournalImport, Text: "List of " + string(r.Kind) + " " + what + ": " + r.Counts()})
}

func usage(sentence, next string) error {
	return &data.Error{Code: data.CodeUsage, Sentence: sentence, Next: next}
}

// separatorOf lets a tab be written by its name.
func separatorOf(s string) string {
	switch strings.ToLower(s) {
	case "tab", `\t`:
		return "\t"
	}
	return s
}
