package screen

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// ImportStep is how far a list has come on its way in.
type ImportStep int

// The steps, in their order.
const (
	ImportFile    ImportStep = iota // which file
	ImportLook                      // what it is
	ImportColumns                   // what its columns mean
	ImportPlan                      // what would change
	ImportDone                      // what was changed
)

// Import takes a list of patrons or loans in, step by step. Nothing is changed before Do.
type Import struct {
	OnChange func() // something shown changed; nil: nobody looks

	desk *Desk
	step ImportStep
	said Said
	job  *importJob // nil: nothing is under way
	over bool

	typed string // the path, as typed
	list  *openedList
	stale bool // the file must be opened anew before it is read: it may have changed

	kind     data.RosterKind
	used     string       // name of the saved mapping in use; empty: none
	mapping  data.Mapping // what the columns mean, with all answers
	answered map[string]bool
	dates    []data.DateQuestion
	order    []int // columns as they are shown: those that are taken first
	shown    int   // how many of them are
	remember bool
	name     string // under which the answers are kept

	last    string // when lists were taken in last; empty: not known yet
	plan    *importPlan
	listed  ImportList
	export  exporting
	done    *data.ImportRecord // the import that was done
	undone  *data.ImportRecord // and taken back
	notKept string             // why the answers could not be kept; empty: they were, or need not be
}

// importJob is what is under way.
type importJob struct {
	words       string
	done, total int64
	stop        context.CancelFunc
	stopped     bool
}

// NewImport begins with the question which file.
func NewImport(d *Desk) *Import {
	return &Import{desk: d, answered: map[string]bool{}, remember: true}
}

func (im *Import) changed() {
	if im.OnChange != nil && !im.over {
		im.OnChange()
	}
}

// Step is where the person is.
func (im *Import) Step() ImportStep { return im.step }

// StepWords say where that is.
func (im *Import) StepWords() string {
	say := im.desk.Say
	names := [...]string{say("Choose the file"), say("What it is"), say("What its columns mean"), say("What would change"), say("Done")}
	if im.step == ImportDone {
		return names[im.step]
	}
	return say("Step {{.N}} of 4: {{.Name}}", With("N", int(im.step)+1, "Name", names[im.step]))
}

// Busy says what is under way, and how far it has come; empty: nothing is.
func (im *Import) Busy() string {
	switch {
	case im.job == nil:
		return ""
	case im.job.stopped:
		return im.desk.Say("Stopping.")
	case im.job.total <= 0:
		return im.job.words
	}
	return im.desk.Say("{{.Words}} {{.N}} %", With("Words", im.job.words, "N", min(im.job.done*100/im.job.total, 100)))
}

// Said is how the last thing done ended; no words: nothing to say.
func (im *Import) Said() Said { return im.said }

// Stop ends what is under way. Nothing is changed then.
func (im *Import) Stop() {
	if im.job != nil && !im.job.stopped {
		im.job.stopped = true
		im.job.stop()
		im.changed()
	}
}

// Close ends everything: the person leaves. An import under way changes nothing then.
func (im *Import) Close() {
	im.Stop()
	im.over = true
}

// Typed is the path, as typed.
func (im *Import) Typed() string { return im.typed }

// Type takes the path of the file.
func (im *Import) Type(path string) {
	if path != im.typed {
		im.typed, im.said = path, Said{}
		im.changed()
	}
}

// Choose takes a file and opens it.
func (im *Import) Choose(path string) {
	im.Type(path)
	im.Next()
}

// Folder is where to begin looking for the file.
func (im *Import) Folder() string {
	if path := strings.TrimSpace(im.typed); path != "" {
		return im.path()
	}
	home, _ := os.UserHomeDir()
	return home
}

func (im *Import) path() string {
	home, _ := os.UserHomeDir()
	return wholePath(im.typed, home)
}

// MayBack reports whether there is a step to go back to.
func (im *Import) MayBack() bool {
	return im.job == nil && im.step > ImportFile && im.step < ImportDone
}

// Back goes to the step before.
func (im *Import) Back() {
	if !im.MayBack() {
		return
	}
	im.said = Said{}
	switch im.step {
	case ImportPlan:
		im.step, im.plan = ImportColumns, nil
	case ImportColumns:
		im.step = ImportLook
	default:
		im.step = ImportFile
	}
	im.changed()
}

// MayNext reports whether Next does something. What is missing Next says itself.
func (im *Import) MayNext() bool { return im.job == nil && im.step < ImportPlan }

// Next goes on: it opens the file, shows its columns, or works out what would change. With saved answers in use the
// columns need no look.
func (im *Import) Next() {
	if !im.MayNext() {
		return
	}
	switch im.step {
	case ImportFile:
		if strings.TrimSpace(im.typed) == "" {
			im.fail(&data.Error{Sentence: im.desk.Say("No file is chosen yet."), Next: im.desk.Say("Choose the file your library system wrote, or type its path.")})
			return
		}
		im.open(im.path(), roster.Options{}, true)
	case ImportLook:
		if im.used != "" {
			im.read()
			return
		}
		im.ShowColumns()
	case ImportColumns:
		if ask := im.unanswered(); ask != "" {
			im.fail(&data.Error{Sentence: im.desk.Say("One question is not answered yet: {{.Ask}}", With("Ask", ask))})
			return
		}
		im.read()
	default:
	}
}

// ShowColumns goes to the columns, also when saved answers are in use.
func (im *Import) ShowColumns() {
	if im.job == nil && im.step == ImportLook {
		im.step, im.said = ImportColumns, Said{}
		im.changed()
	}
}

// Another begins anew with another file.
func (im *Import) Another() {
	if im.job != nil {
		return
	}
	*im = Import{desk: im.desk, OnChange: im.OnChange, answered: map[string]bool{}, remember: true}
	im.Load()
	im.changed()
}

// Load finds out when lists were taken in last.
func (im *Import) Load() {
	GoStore(im.desk, func(ctx context.Context, s *store.Store) (at [2]data.ImportRecord, err error) {
		for i, kind := range []data.RosterKind{data.RosterPatrons, data.RosterLoans} {
			if at[i], _, err = s.LastImport(ctx, kind); err != nil {
				return at, err
			}
		}
		return at, nil
	}, func(at [2]data.ImportRecord, err error) {
		if err == nil {
			im.last = im.desk.Say("Last taken in: patrons {{.Patrons}}, loans {{.Loans}}.", With("Patrons", im.desk.When(at[0].At), "Loans", im.desk.When(at[1].At)))
			im.changed()
		}
	})
}

// Last says when lists were taken in last; empty: it is not known yet.
func (im *Import) Last() string { return im.last }

func (im *Import) fail(err error) {
	im.said = Said{Words: asError(err).Error(), Bad: true}
	im.changed()
}

// homeFile is a file to offer for something that is written.
func (d *Desk) homeFile(name string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = d.Place().Data
	}
	return filepath.Join(home, name)
}
