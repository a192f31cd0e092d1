package screen

import (
	"context"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// judgeService decides from the service's state and what it last said of itself how a Save ends, or that it still waits.
// at: the settings were saved this moment, so that a service found stopped did not stop because of them.
func (s *Settings) judgeService(st ServiceStatus, beat data.Heartbeat, at bool) {
	say := s.desk.Say
	switch {
	case st.State == ServiceNotInstalled:
		s.end(true, Said{Words: say("Saved. The service is not set up on this computer yet."), Good: true})
	case stoppedState(st.State) && at:
		s.end(true, Said{Words: s.sentences(say("Saved. The service is stopped."), s.because(st.Reason)), Good: true, Start: true})
	case stoppedState(st.State):
		s.end(false, Said{Words: s.sentences(say("Saved, but the service has stopped."), s.because(st.Reason), say("Start it to use the new settings.")), Bad: true, Start: true})
	case beat.Revision >= s.revision && beat.Stopped.IsZero() && !beat.InForce.IsZero():
		s.end(true, Said{Words: say("Saved. The service runs with the new settings since {{.Time}}.", With("Time", s.desk.local(beat.InForce).Format("15:04:05"))), Good: true})
	case beat.Revision < s.revision && beat.Trouble != s.save.trouble && strings.HasPrefix(beat.Trouble, data.NotInForce):
		s.end(false, Said{Words: s.sentences(say("Saved, but the service does not take it."), beat.Trouble, beat.Remedy), Bad: true, Again: true})
	case s.save.phase != saveWaiting:
		s.wait()
	}
}

func stoppedState(st ServiceState) bool { return st == ServiceStopped || st == ServiceFailed }

func (s *Settings) because(reason string) string {
	if reason == "" {
		return ""
	}
	return s.desk.Say("Its last word: {{.Reason}}", With("Reason", reason))
}

// wait begins to wait for the service; the desk's looks and the end of the person's patience go on from here.
func (s *Settings) wait() {
	s.begin(saveWaiting, s.desk.Say("Saved. Waiting for the service to take it over."))
	round := s.save.round
	s.save.timer = time.AfterFunc(s.Patience, func() {
		if s.desk.begin() {
			s.desk.finish(func() { s.enough(round) })
		}
	})
	s.confirm()
}

// confirm asks the service's state and its heartbeat afresh: what the desk saw may be older than this Save.
func (s *Settings) confirm() { s.ask(s.judgeService) }

func (s *Settings) ask(answer func(st ServiceStatus, beat data.Heartbeat, at bool)) {
	round := s.save.round
	var status ServiceStatus
	GoStore(s.desk, func(ctx context.Context, st *store.Store) (data.Heartbeat, error) {
		status = s.desk.askService(ctx)
		return st.Heartbeat(ctx)
	}, func(beat data.Heartbeat, err error) {
		// A store that cannot be read now may be readable at the next look; patience ends it otherwise.
		if s.save.phase == saveWaiting && s.save.round == round && err == nil {
			answer(status, beat, false)
		}
	})
}

// enough ends waiting for a service that runs and does not answer.
func (s *Settings) enough(round int) {
	if s.save.phase != saveWaiting || s.save.round != round {
		return
	}
	f := s.desk.Facts()
	trouble := ""
	if f.Beat.Revision < s.revision {
		trouble = s.sentences(f.Beat.Trouble, f.Beat.Remedy)
	}
	words := s.desk.Say("Saved, but the service did not answer within {{.N}} seconds.", With("N", int(s.Patience/time.Second)))
	if f.Service.State == ServiceUnknown {
		words = s.sentences(words, f.Service.Reason)
	}
	s.end(false, Said{Words: s.sentences(words, trouble), Bad: true, Again: true})
}

// StartService starts the service after a Save that found it stopped, and waits until it runs with what is stored.
func (s *Settings) StartService() {
	if s.Busy() || !s.said.Start {
		return
	}
	s.begin(saveStarting, s.desk.Say("Starting the service."))
	round := s.save.round
	Go(s.desk, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.desk.o.Service.Start(ctx)
	}, func(_ struct{}, err error) {
		if s.save.round != round {
			return
		}
		s.desk.Wake()
		if err != nil {
			e := asError(err)
			s.end(false, Said{Words: s.sentences(s.desk.Say("The service did not start."), e.Sentence, e.Next), Bad: true, Start: true})
			return
		}
		s.wait()
	})
}

// TryAgain repeats what failed: writing, or asking the service.
func (s *Settings) TryAgain() {
	if !s.Busy() && s.said.Again {
		s.Save(nil)
	}
}
