package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// actionBar is the row of what can be done to what is chosen. What cannot be done now cannot be pressed.
type actionBar struct {
	object  fyne.CanvasObject
	words   *word
	all     *button
	stop    *button
	buttons map[screen.Action]*button
}

func newActionBar(act func(screen.Action)) *actionBar {
	b := &actionBar{words: newWord("", theme.SizeNameText, colorHint, false), all: newLink("", nil), stop: newLink(lang.L("Stop"), nil)}
	var list []fyne.CanvasObject
	b.buttons, list = actionButtons(act)
	b.object = rowsBy(6, line(b.words, b.all, b.stop), flow(list...))
	return b
}

// actionButtons are the buttons of all actions, by action and in the order shown.
func actionButtons(act func(screen.Action)) (map[screen.Action]*button, []fyne.CanvasObject) {
	words := map[screen.Action]string{
		screen.ActNow: lang.L("Send now"), screen.ActAgain: lang.L("Send again"), screen.ActCopy: lang.L("Send a copy"),
		screen.ActHold: lang.L("Hold"), screen.ActRelease: lang.L("Release"), screen.ActCancel: lang.L("Cancel sending"),
	}
	byAction := map[screen.Action]*button{}
	var list []fyne.CanvasObject
	for _, a := range screen.Actions() {
		kind := buttonPlain
		if a == screen.ActCancel {
			kind = buttonDanger
		}
		byAction[a] = newButtonOf(kind, words[a], func() { act(a) })
		list = append(list, byAction[a])
	}
	return byAction, list
}

func allow(buttons map[screen.Action]*button, offers []screen.Offer, busy bool) {
	for _, o := range offers {
		if o.Possible && !busy {
			buttons[o.Action].Enable()
		} else {
			buttons[o.Action].Disable()
		}
	}
}

// show takes in what can be done, what is chosen, and what is being done.
func (b *actionBar) show(offers []screen.Offer, chosen, all, doing string) {
	allow(b.buttons, offers, doing != "")
	b.stop.Hidden = doing == ""
	b.all.Hidden = doing != "" || all == ""
	b.all.SetText(all)
	switch {
	case doing != "":
		b.words.set(doing)
	case chosen != "":
		b.words.set(chosen)
	default:
		b.words.set(lang.L("Choose messages to do something with them."))
	}
}
