package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// LetterPractice says that letters are practice for now, and what a person can do about it.
type LetterPractice struct {
	Words   string // empty: letters leave for real
	Approve bool   // they can be approved
	Setting string // that ends it, or that is missing; empty: none
}

// Practice is how practice stands for letters.
func (l *Letters) Practice() LetterPractice {
	d, set := l.desk, &l.desk.facts.Settings
	with := With("Address", set.TestTo, "Most", mailing.MostPractice)
	switch {
	case !mailing.Practising(set):
		return LetterPractice{}
	case set.TestTo == "":
		return LetterPractice{Words: d.Say("Letters are practice for now, and there is no Test to address that they could go to."), Setting: "test_to"}
	case set.Practice: // the strip of the window says the rest
		return LetterPractice{Words: d.Say("Practice mode is on for everything: these letters go to {{.Address}}, {{.Most}} at most.", with), Setting: "practice"}
	}
	return LetterPractice{Words: d.Say("These letters are practice: they go to {{.Address}}, {{.Most}} at most.", with), Approve: true}
}

// ApproveWords ask before practice ends; no yes: it does not end by that, and text says what ends it.
func (l *Letters) ApproveWords() (title, text, yes string) {
	say := l.desk.Say
	if l.desk.facts.Settings.Practice {
		title, text = l.desk.stillPractice()
		return title, text, ""
	}
	text = say("From now on letters, and automatic notices if they are switched on, go to the patrons and guardians themselves and not to {{.Address}} any more. Practice copies that still wait stay practice copies.", With("Address", l.desk.facts.Settings.TestTo))
	text += "\n\n" + say("This is asked once. Practice for letters can be switched on again under Settings.")
	if n, _ := l.Ticked(); n > 0 {
		text += " " + say("Before the letters of this list leave you are asked again.")
	}
	return say("Send letters for real?"), text, say("Approve")
}

// Approve ends practice for letters and notices. then runs when that is so: the list may be queued for real.
func (l *Letters) Approve(then func()) {
	if l.job != nil {
		return
	}
	_, _ = l.begin(0, func(*letterJob) string { return l.desk.Say("Approving.") })
	GoStore(l.desk, func(ctx context.Context, s *store.Store) (data.Settings, error) {
		m := mailing.New(mailing.Options{Store: s, Now: l.desk.Now})
		if err := m.Approve(ctx, func(ctx context.Context, changes map[string]string) error {
			_, err := s.SaveSettings(ctx, changes, store.AnyRevision)
			return err
		}); err != nil {
			return data.Settings{}, err
		}
		return storedSettings(ctx, s)
	}, func(set data.Settings, err error) {
		l.end()
		if err != nil {
			l.done = letterDone{words: asError(err).Error(), bad: true}
			l.changed()
			return
		}
		l.desk.facts.Settings = set                     // until the next look
		if l.list != nil && !mailing.Practising(&set) { // what was queued was practice
			for i := range l.list.batch.Lines {
				l.list.batch.Lines[i].Queued = false
			}
		}
		l.desk.Wake()
		l.changed()
		l.notice(l.desk.approvedWords(&set), nil)
		if then != nil && !mailing.Practising(&set) {
			then()
		}
	})
}

// stillPractice says why a yes to letters ends nothing while practice mode is on for everything.
func (d *Desk) stillPractice() (title, text string) {
	return d.Say("Practice mode is on for everything"), d.Say("While it is on nothing leaves for real, whatever is approved here. Switch it off under Settings first.")
}

// approvedWords say what a yes has changed, with the settings as they are stored now.
func (d *Desk) approvedWords(set *data.Settings) string {
	if set.Practice {
		return d.Say("Approved, but practice mode is on for everything: nothing leaves for real before it is switched off under Settings.")
	}
	return d.Say("Approved. Letters and notices leave for real from now on.")
}
