package screen

import (
	"context"
	"encoding/json"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// sendNow is a check that a person asked for.
type sendNow struct {
	asking  bool     // the request is being written
	request int64    // that the service is to answer; 0: none
	taken   bool     // the service has begun
	reading bool     // the store is being asked for it
	said    Standing // what came of the last one; no words: nothing
}

func (s *sendNow) busy() bool { return s.asking || s.request != 0 }

// CanSend reports whether a check can be asked for. A service that is stopped does not forbid it: starting it is offered.
func (o *Overview) CanSend() bool {
	f := o.desk.Facts()
	return f.Configured() && !f.At.IsZero() && !o.sending.busy() && o.orders.under == "" && f.Service.State != ServiceNotInstalled
}

// SendSaid is what became of Send now; no words: it was not asked for.
func (o *Overview) SendSaid() Standing {
	d := o.desk
	switch {
	case o.sending.taken:
		return Standing{MoodBusy, d.Say("The service is sending.")}
	case o.sending.busy():
		return Standing{MoodBusy, d.Say("The service was asked. It finishes what it has in its hands first.")}
	}
	return o.sending.said
}

// SendNow asks the running service for a check at once. offer is called instead when the service does not run: a person
// may then say StartAndSend.
func (o *Overview) SendNow(offer func(question string)) {
	switch {
	case !o.CanSend():
	case o.desk.Facts().Service.Running():
		o.ask()
	case offer != nil:
		offer(o.desk.Say("The service does not run. Start it, and send what waits?"))
	}
}

// StartAndSend leaves the request and starts the service, which answers it first of all.
func (o *Overview) StartAndSend() {
	if o.sending.busy() || o.orders.under != "" {
		return
	}
	o.ask()
	o.Start()
}

func (o *Overview) ask() {
	o.sending = sendNow{asking: true}
	o.changed()
	GoStore(o.desk, func(ctx context.Context, s *store.Store) (int64, error) {
		return s.Ask(ctx, data.Request{Kind: data.RequestCheck})
	}, func(id int64, err error) {
		o.sending = sendNow{request: id, said: orderAnswer(err)}
		o.desk.Wake()
		o.changed()
	})
}

// follow reads how far the check has come, whenever the desk saw something new.
func (o *Overview) follow() {
	id := o.sending.request
	if id == 0 || o.sending.reading {
		return
	}
	f := o.desk.Facts()
	gone := !f.Service.Running() && o.orders.under == ""
	o.sending.reading = true
	GoStore(o.desk, func(ctx context.Context, s *store.Store) (data.Request, error) {
		r, err := s.Request(ctx, id)
		if err != nil || !r.Done.IsZero() {
			return r, err
		}
		// A service that was started after the request was taken knows nothing of it.
		if gone || !r.Taken.IsZero() && r.Taken.Before(f.Beat.Started) {
			r.Done = f.At
			// Closed, so that nobody sends for it later, when no person waits any more.
			err = s.FinishRequest(ctx, id, false, "The service stopped before it had finished.", nil)
		}
		return r, err
	}, func(r data.Request, err error) {
		o.sending.reading = false
		o.sending.taken = !r.Taken.IsZero()
		switch {
		case err != nil:
			o.sending = sendNow{said: orderAnswer(err)}
		case !r.Done.IsZero():
			said := o.sent(r)
			said.Words = o.desk.Say("{{.Time}}: {{.What}}", With("Time", o.desk.Clock(r.Done), "What", said.Words))
			o.sending = sendNow{said: said}
		}
		o.changed()
	})
}

// sent puts the answer to a check into a sentence.
func (o *Overview) sent(r data.Request) Standing {
	d := o.desk
	var report struct {
		Taken int `json:"files_taken"`
		Queue struct {
			Sent     int           `json:"sent"`
			Failed   int           `json:"failed"`
			Deferred int           `json:"deferred"`
			Held     int           `json:"held"`
			Capped   bool          `json:"capped"`
			Trouble  *data.Outcome `json:"trouble"`
		} `json:"queue"`
		Waiting int64 `json:"waiting"`
	}
	switch {
	case r.Result == "":
		return Standing{MoodBad, d.Say("The service stopped before it had finished. What waits is not lost.")}
	case !r.OK || len(r.Details) == 0 || json.Unmarshal(r.Details, &report) != nil:
		mood := MoodBad
		if r.OK {
			mood = MoodGood
		}
		return Standing{mood, r.Result}
	}
	q := report.Queue
	words, mood := "", MoodGood
	add := func(sentence string) {
		if words != "" {
			words += " "
		}
		words += sentence
	}
	switch {
	case q.Sent == 1:
		add(d.Say("1 was sent."))
	case q.Sent > 1:
		add(d.Say("{{.N}} were sent.", With("N", d.Number(int64(q.Sent)))))
	case q.Failed+q.Deferred+q.Held == 0 && report.Waiting == 0:
		add(d.Say("Nothing is waiting to be sent."))
	default:
		mood = MoodWarn
		add(d.Say("None was sent."))
	}
	if q.Failed > 0 {
		mood = MoodWarn
		add(d.Say("{{.N}} could not be sent; the Queue says why.", With("N", d.Number(int64(q.Failed)))))
	}
	if q.Deferred > 0 {
		mood = MoodWarn
		add(d.Say("{{.N}} will be tried again later.", With("N", d.Number(int64(q.Deferred)))))
	}
	if q.Held == 1 {
		mood = MoodWarn
		add(d.Say("1 is held for you to decide."))
	} else if q.Held > 1 {
		mood = MoodWarn
		add(d.Say("{{.N}} are held for you to decide.", With("N", d.Number(int64(q.Held)))))
	}
	switch {
	case q.Trouble != nil:
		mood = MoodBad
		add(q.Trouble.Sentence)
	case q.Capped:
		mood = MoodWarn
		add(d.Say("The daily limit is reached: the rest goes later."))
	}
	if report.Waiting > 0 {
		add(d.Say("{{.N}} still waiting.", With("N", d.Number(report.Waiting))))
	}
	return Standing{mood, words}
}
