package screen

import (
	"context"
	"time"

	"smtpgateway/data"
)

// lateCheck is how long a check may be overdue before the screen wonders.
const lateCheck = 10 * time.Minute

// serviceOrders is what a person ordered of the service here.
type serviceOrders struct {
	under string    // what is being done, in words; empty: nothing
	done  time.Time // when it was done; what was seen before that is old
	said  Standing  // what came of the last one, when it did not simply work; no words: nothing
}

// seen is called when the desk has looked: once it has done so after an order, the facts show what came of it.
func (s *serviceOrders) seen(at time.Time) {
	if s.done.IsZero() {
		return
	}
	if before := s.done.Sub(at); before <= 0 || before > time.Minute { // a clock that was set back must not keep it
		s.under, s.done = "", time.Time{}
	}
}

// Service is what the service does.
func (o *Overview) Service() Standing {
	d, f := o.desk, o.desk.Facts()
	if o.orders.under != "" {
		return Standing{MoodBusy, o.orders.under}
	}
	switch f.Service.State {
	case ServiceRunning:
		if o.late() {
			return Standing{MoodWarn, d.Say("The service runs, but does not answer")}
		}
		return Standing{MoodGood, d.Say("The service is running")}
	case ServiceStopped:
		return Standing{MoodOff, d.Say("The service is stopped")}
	case ServiceStarting:
		return Standing{MoodBusy, d.Say("The service is starting")}
	case ServiceStopping:
		return Standing{MoodBusy, d.Say("The service is stopping")}
	case ServiceRestarting:
		return Standing{MoodWarn, d.Say("The service stopped and is being started again")}
	case ServiceFailed:
		return Standing{MoodBad, d.Say("The service stopped by itself")}
	case ServiceNotInstalled:
		return Standing{MoodBad, d.Say("The service is not installed")}
	case ServiceUnknown:
		return Standing{MoodWarn, d.Say("Nobody can say whether the service runs")}
	default:
		return Standing{MoodBusy, d.Say("Looking for the service.")}
	}
}

// ServiceNote is what else there is to know of the service: since when, why it stopped, or what is strange about it.
func (o *Overview) ServiceNote() string {
	d, f := o.desk, o.desk.Facts()
	switch {
	case f.At.IsZero():
		return ""
	case f.Service.Running():
		if o.late() {
			return d.Say("It wanted to look at the queue {{.When}} and did not. Restart it.", With("When", d.When(f.Beat.NextCheck)))
		}
		if f.Beat.Started.IsZero() || !f.Beat.Stopped.IsZero() {
			return ""
		}
		return d.Say("Since {{.When}}.", With("When", d.When(f.Beat.Started)))
	case f.Service.State == ServiceNotInstalled:
		return d.Say("Install it with the setup program, or ask IT to run: smtp-gateway install.")
	case f.Service.State == ServiceStarting, f.Service.State == ServiceStopping:
		return ""
	case f.Service.Reason != "":
		return f.Service.Reason
	case !f.Beat.Started.IsZero() && f.Beat.Stopped.IsZero() && f.Service.State != ServiceUnknown:
		// The heartbeat is the service's own: it would have said so, had it stopped as it should.
		last := f.Beat.Started
		if f.Beat.LastCheck.After(last) {
			last = f.Beat.LastCheck
		}
		return d.Say("It ended without a word. Its last sign of life was {{.When}}. What it was sending is not lost.", With("When", d.When(last)))
	case !f.Beat.Stopped.IsZero():
		return d.Say("Since {{.When}}.", With("When", d.When(f.Beat.Stopped)))
	}
	return ""
}

// late reports whether a running service has not looked at its queue for too long: it hangs, or another one is meant.
func (o *Overview) late() bool {
	f := o.desk.Facts()
	if !f.Service.Running() || f.Problem != nil || f.Beat.NextCheck.IsZero() || !f.Beat.Stopped.IsZero() || f.Counts[data.Sending] > 0 {
		return false
	}
	return o.desk.Now().Sub(f.Beat.NextCheck) > lateCheck
}

// Startup is whether the service starts with the computer, in words; choose: a person can choose it here.
func (o *Overview) Startup() (words string, auto, choose bool) {
	d, s := o.desk, o.desk.Facts().Service
	switch {
	case s.ByHand:
		return d.Say("It was started by hand for this data folder, and ends with the computer."), false, false
	case s.State == "" || s.State == ServiceNotInstalled || s.State == ServiceUnknown:
		return "", s.Auto, false
	case s.Auto:
		return d.Say("It starts with the computer, also when nobody signs in."), true, true
	}
	return d.Say("After a restart of the computer somebody must start it."), false, true
}

// CanStart reports whether there is something to start.
func (o *Overview) CanStart() bool {
	s := o.desk.Facts().Service.State
	return o.orders.under == "" && (s == ServiceStopped || s == ServiceFailed || s == ServiceUnknown)
}

// CanStop reports whether there is something to stop.
func (o *Overview) CanStop() bool {
	s := o.desk.Facts().Service.State
	return o.orders.under == "" && (s == ServiceRunning || s == ServiceStarting || s == ServiceRestarting)
}

// CanRestart reports whether a running service can be started anew.
func (o *Overview) CanRestart() bool {
	return o.orders.under == "" && o.desk.Facts().Service.Running()
}

// CanChooseStartup reports whether the startup type can be ordered now.
func (o *Overview) CanChooseStartup() bool {
	_, _, choose := o.Startup()
	return choose && o.orders.under == ""
}

// OrderSaid is what came of the last order when it did not simply work; no words: nothing to say.
func (o *Overview) OrderSaid() Standing { return o.orders.said }

// Start starts the service.
func (o *Overview) Start() {
	o.order(o.desk.Say("The service is being started"), o.desk.o.Service.Start)
}

// Stop stops it; what is being sent is finished first.
func (o *Overview) Stop() {
	o.order(o.desk.Say("The service is being stopped; what is being sent is finished first"), o.desk.o.Service.Stop)
}

// Restart stops it and starts it again.
func (o *Overview) Restart() {
	o.order(o.desk.Say("The service is being restarted"), func(ctx context.Context) error {
		if err := o.desk.o.Service.Stop(ctx); err != nil {
			return err
		}
		return o.desk.o.Service.Start(ctx)
	})
}

// SetStartup says whether the service starts with the computer.
func (o *Overview) SetStartup(auto bool) {
	o.order(o.desk.Say("Asking for an administrator"), func(ctx context.Context) error { return o.desk.o.Service.SetStartup(ctx, auto) })
}

// order gives one order at a time: two clicks are one wish.
func (o *Overview) order(under string, work func(context.Context) error) {
	if o.orders.under != "" {
		return
	}
	o.orders = serviceOrders{under: under}
	o.changed()
	Go(o.desk, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) {
		o.orders.done = o.desk.Now()
		o.orders.said = orderAnswer(err)
		o.desk.Wake()
		o.changed()
	})
}

// orderAnswer puts an error into words. A person who said no to the administrator's question knows why nothing happened: that is
// an answer and no trouble.
func orderAnswer(err error) Standing {
	if err == nil {
		return Standing{}
	}
	e := asError(err)
	if e.Code == data.CodeNotNow {
		return Standing{MoodOff, e.Error()}
	}
	return Standing{MoodBad, e.Error()}
}
