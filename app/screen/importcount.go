package screen

import (
	"smtpgateway/data"
)

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
	case set.Notices == 1 && im.kind == data.RosterLoans:
		all = append(all, say("1 waiting notice would be cancelled, because what it speaks of is back."))
	case set.Notices > 1 && im.kind == data.RosterLoans:
		all = append(all, say("{{.N}} waiting notices would be cancelled, because what they speak of is back.", With("N", thousands(set.Notices))))
	case set.Notices == 1:
		all = append(all, say("1 waiting notice would be cancelled, because its patron is gone or gets no notices any more."))
	case set.Notices > 1:
		all = append(all, say("{{.N}} waiting notices would be cancelled, because their patrons are gone or get no notices any more.", With("N", thousands(set.Notices))))
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
	switch {
	case set.Batch.Complete || !im.MayComplete():
	case im.kind == data.RosterLoans:
		all = append(all, say("The list does not count as complete: what is missing from it stays on loan."))
	default:
		all = append(all, say("The list does not count as complete: who is missing from it stays."))
	}
	return append(all, set.Batch.Notes...)
}
