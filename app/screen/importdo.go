package screen

import (
	"context"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// imported is how an import ended.
type imported struct {
	record  data.ImportRecord
	plan    *importPlan // in place of it, when others were faster: what would change now
	notKept error       // why the answers could not be kept
}

// MayDo reports whether there is something to take in.
func (im *Import) MayDo() bool {
	return im.step == ImportPlan && im.plan != nil && im.job == nil && (!im.Nothing() || im.plan.set.Same > 0)
}

// Do takes the list in; sure: the person said yes to Doubt. When somebody else changed patrons or loans meanwhile nothing
// is written, and the plan is made anew.
func (im *Import) Do(sure bool) {
	if !im.MayDo() || im.Doubt() != "" && !sure {
		return
	}
	set, today := im.plan.set, im.desk.today()
	m := im.mapping
	m.Name = data.Clean(strings.TrimSpace(im.name), 100)
	keep := im.remember && m.Name != ""
	importWork(im, im.desk.Say("Taking the list in."), func(ctx context.Context, s *store.Store, tell func(done, total int64)) (got imported, err error) {
		got.record, err = s.Import(ctx, set, func(done, total int) { tell(int64(done), int64(total)) })
		if data.CodeOf(err) == data.CodeConflict {
			got.plan, err = compare(ctx, s, set.Batch, today)
			return got, err
		}
		if err != nil {
			return got, err
		}
		ctx = context.WithoutCancel(ctx) // it is done: a stop comes too late
		noteImport(ctx, s, "imported by a person", &got.record)
		if keep {
			got.notKept = s.SaveMapping(ctx, m)
		}
		return got, nil
	}, func(got imported, err error) {
		switch {
		case err != nil:
			e := asError(err)
			words := e.Error()
			if !strings.Contains(words, im.desk.Say("Nothing was changed.")) {
				words = sentences(words, im.desk.Say("Nothing was changed."))
			}
			im.said = Said{Words: words, Bad: true}
		case got.plan != nil:
			im.plan = got.plan
			im.said = Said{Words: im.desk.Say("Patrons or loans were changed by somebody else meanwhile, so nothing was taken in yet. This is what would change now: look at it once more."), Bad: true}
		default:
			im.step, im.done, im.plan = ImportDone, &got.record, nil
			if got.notKept != nil {
				im.notKept = asError(got.notKept).Error()
			}
			im.desk.Wake()
		}
	})
}

// noteImport writes into the log what a person did, in numbers only. Where that fails the import stands all the same.
func noteImport(ctx context.Context, s *store.Store, what string, r *data.ImportRecord) {
	_ = s.Note(ctx, data.JournalLine{Kind: data.JournalImport, Text: "List of " + string(r.Kind) + " " + what + ": " + counted(r)})
}

// counted is in English on purpose, as the whole log is.
func counted(r *data.ImportRecord) string {
	words := thousands(r.Rows) + " rows, " + thousands(r.New) + " new, " + thousands(r.Changed) + " changed, " + thousands(r.Gone) + " gone"
	if r.Problems > 0 {
		words += ", " + thousands(r.Problems) + " problems"
	}
	return words + "."
}

// importedWords is what an import did, such as "412 patrons imported: 8 new, 3 changed, 2 gone".
func (d *Desk) importedWords(r *data.ImportRecord) string {
	n := r.New + r.Changed + r.Same
	with := With("N", thousands(n), "New", thousands(r.New), "Changed", thousands(r.Changed), "Gone", thousands(r.Gone))
	switch {
	case r.Kind == data.RosterLoans && n == 1:
		return d.Say("1 loan imported: {{.New}} new, {{.Changed}} changed, {{.Gone}} came back.", with)
	case r.Kind == data.RosterLoans:
		return d.Say("{{.N}} loans imported: {{.New}} new, {{.Changed}} changed, {{.Gone}} came back.", with)
	case r.Kind == data.RosterAddresses && n == 1:
		return d.Say("E-mail addresses of 1 patron imported: {{.Changed}} changed.", with)
	case r.Kind == data.RosterAddresses:
		return d.Say("E-mail addresses of {{.N}} patrons imported: {{.Changed}} changed.", with)
	case n == 1:
		return d.Say("1 patron imported: {{.New}} new, {{.Changed}} changed, {{.Gone}} gone.", with)
	}
	return d.Say("{{.N}} patrons imported: {{.New}} new, {{.Changed}} changed, {{.Gone}} gone.", with)
}

// DoneWords is what was done, and what else there is to know of it.
func (im *Import) DoneWords() (head string, more []string) {
	say := im.desk.Say
	if im.undone != nil {
		return say("The import was undone."), im.desk.undoneWords(im.undone)
	}
	r := im.done
	if r == nil {
		return "", nil
	}
	switch patrons := r.Kind != data.RosterLoans; {
	case patrons && r.Notices == 1:
		more = append(more, say("1 waiting notice was cancelled, because its patron is gone or gets no notices any more."))
	case patrons && r.Notices > 1:
		more = append(more, say("{{.N}} waiting notices were cancelled, because their patrons are gone or get no notices any more.", With("N", thousands(r.Notices))))
	case r.Notices == 1:
		more = append(more, say("1 waiting notice was cancelled, because what it speaks of is back."))
	case r.Notices > 1:
		more = append(more, say("{{.N}} waiting notices were cancelled, because what they speak of is back.", With("N", thousands(r.Notices))))
	}
	switch {
	case r.Problems == 1:
		more = append(more, say("1 row or value was left out."))
	case r.Problems > 1:
		more = append(more, say("{{.N}} rows or values were left out.", With("N", thousands(r.Problems))))
	}
	name := strings.TrimSpace(im.name)
	switch {
	case im.notKept != "":
		more = append(more, sentences(say("The answers could not be kept."), im.notKept))
	case im.remember && name != "":
		more = append(more, say("The answers are kept as \"{{.Name}}\": the next list of this shape is taken in without a question.", With("Name", name)))
	}
	return im.desk.importedWords(r), more
}

// MayUndo reports whether the import that was done can be taken back.
func (im *Import) MayUndo() bool {
	return im.step == ImportDone && im.job == nil && im.done != nil && im.undone == nil
}

// UndoWords ask whether to take it back, and say what comes back.
func (im *Import) UndoWords() (title, text string) {
	if im.done == nil {
		return "", ""
	}
	return im.desk.undoQuestion(im.done)
}

// Undo takes the import back that was done.
func (im *Import) Undo() {
	if !im.MayUndo() {
		return
	}
	r := *im.done
	importWork(im, im.desk.Say("Undoing the import."), func(ctx context.Context, s *store.Store, _ func(done, total int64)) (data.ImportRecord, error) {
		return undoImport(ctx, im.desk, s, &r)
	}, func(got data.ImportRecord, err error) {
		if err != nil {
			im.fail(err)
			return
		}
		im.undone = &got
		im.desk.Wake()
	})
}

// undoImport takes one import back, if it is still the last one.
func undoImport(ctx context.Context, d *Desk, s *store.Store, r *data.ImportRecord) (data.ImportRecord, error) {
	last, there, err := s.LastImport(ctx, r.Kind)
	if err != nil {
		return last, err
	}
	if !there || last.ID != r.ID {
		return last, &data.Error{Code: data.CodeNotNow, Sentence: d.Say("Another list was taken in since, so this import cannot be undone any more."), Next: d.Say("Undo that one first, or take an earlier list in again.")}
	}
	got, err := s.UndoImport(context.WithoutCancel(ctx), r.Kind)
	if err == nil {
		noteImport(context.WithoutCancel(ctx), s, "undone by a person", &got)
	}
	return got, err
}

// undoQuestion asks whether to take an import back, and says what comes back.
func (d *Desk) undoQuestion(r *data.ImportRecord) (title, text string) {
	say := d.Say
	var all []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			all = append(all, one)
		case n > 1:
			all = append(all, many)
		}
	}
	with := func(n int) map[string]any { return With("N", thousands(n)) }
	if r.Kind == data.RosterLoans {
		add(r.New, say("1 loan it brought is removed."), say("{{.N}} loans it brought are removed.", with(r.New)))
		add(r.Changed, say("1 loan is again as it was."), say("{{.N}} loans are again as they were.", with(r.Changed)))
		add(r.Gone, say("1 loan that came back is out again."), say("{{.N}} loans that came back are out again.", with(r.Gone)))
	} else {
		add(r.New, say("1 patron it brought is removed."), say("{{.N}} patrons it brought are removed.", with(r.New)))
		add(r.Changed, say("1 patron is again as before."), say("{{.N}} patrons are again as before.", with(r.Changed)))
		add(r.Gone, say("1 patron who left is here again."), say("{{.N}} patrons who left are here again.", with(r.Gone)))
	}
	add(r.Notices, say("1 notice that it cancelled waits again and may be sent."), say("{{.N}} notices that it cancelled wait again and may be sent.", with(r.Notices)))
	if len(all) == 0 {
		all = append(all, say("It changed nothing, so nothing changes now but that it no longer counts."))
	}
	all = append(all, say("What somebody changed since stays as it is now."))
	return say("Undo the import of {{.File}}?", With("File", data.Clean(r.File, 80))), strings.Join(all, " ")
}

// undoneWords is what there is to know of an import that was taken back.
func (d *Desk) undoneWords(r *data.ImportRecord) []string {
	words := []string{d.Say("Everything is as it was before.")}
	if r.Kept == 1 {
		words = []string{d.Say("Everything is as it was before, but for 1 with which something was done since: it stays as it is.")}
	} else if r.Kept > 1 {
		words = []string{d.Say("Everything is as it was before, but for {{.N}} with which something was done since: they stay as they are.", With("N", thousands(r.Kept)))}
	}
	return words
}
