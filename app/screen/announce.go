package screen

import (
	"context"
	"strings"

	"smtpgateway/data"
)

// Announcer tells once when trouble begins and once when it has ended: by the desktop's own notification, for a person
// who looks elsewhere, and to the window.
type Announcer struct {
	desk *Desk
	// OnNotice gets each announcement for the window; nil: nobody.
	OnNotice func(text string)

	begun bool            // the first look is done: what stood then is the banner's to show
	now   string          // the trouble as last seen; empty: none
	asks  bool            // now is no trouble but notices that wait for a person
	told  map[string]bool // sentences of this spell of trouble, so that two taking turns are told of once each
}

// NewAnnouncer makes an announcer that watches the desk.
func NewAnnouncer(d *Desk) *Announcer {
	a := &Announcer{desk: d, told: make(map[string]bool)}
	d.Watch(func(Change) { a.look() })
	return a
}

func (a *Announcer) look() {
	f := a.desk.Facts()
	if f.Problem != nil {
		return // the heartbeat could not be read: nothing began and nothing ended
	}
	trouble := f.Beat.Trouble
	if trouble == "" && f.Service.State == ServiceFailed {
		trouble = a.desk.Say("The service stopped by itself.")
	}
	if !a.begun {
		a.begun, a.now, a.asks = true, trouble, waitsForPerson(&f.Notices, trouble)
		a.told[trouble] = true
		return
	}
	if trouble == a.now {
		return
	}
	was, asked := a.now, a.asks
	a.now, a.asks = trouble, waitsForPerson(&f.Notices, trouble)
	switch {
	case trouble == "":
		clear(a.told)
		if !asked {
			a.tell(a.desk.Say("The trouble has ended."), a.desk.Say("The mail gateway works again."))
		}
	case a.told[trouble]:
	case a.asks:
		a.told[trouble] = true
		if was != "" && !asked {
			a.tell(a.desk.Say("The trouble has ended."), a.desk.Say("The mail gateway works again."))
		}
		a.tell(a.desk.Say("Automatic notices wait."), trouble)
	default:
		a.told[trouble] = true
		a.tell(a.desk.Say("The mail gateway has trouble."), trouble)
	}
}

// waitsForPerson reports whether what the service says is that a run of notices waits, which is no trouble with the mail.
func waitsForPerson(r *data.Run, said string) bool {
	return (r.State == data.RunAwaiting || r.State == data.RunHeld) && said == r.Why
}

// tell leaves out addresses on the desktop, where others may look on: the window has the whole sentence.
func (a *Announcer) tell(title, text string) {
	shown := a.withoutAddresses(text)
	// A desktop may take its time over a notification.
	Go(a.desk, func(context.Context) (struct{}, error) {
		a.desk.Desktop().Notify(title, shown)
		return struct{}{}, nil
	}, func(struct{}, error) {})
	if a.OnNotice != nil {
		a.OnNotice(title + " " + text)
	}
}

// withoutAddresses puts a word in the place of everything that has an @ in it.
func (a *Announcer) withoutAddresses(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if strings.Contains(w, "@") {
			end := ""
			if last := w[len(w)-1]; strings.ContainsRune(".,;:!?", rune(last)) {
				end = string(last)
			}
			words[i] = a.desk.Say("(address)") + end
		}
	}
	return strings.Join(words, " ")
}
