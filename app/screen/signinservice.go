package screen

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/secret"
	"smtpgateway/data/store"
)

// errOnlyService: the client secret is stored, and this window may not open it.
var errOnlyService = errors.New("only the service can open the client secret")

// onlyService reports whether a secret that this window cannot open may well be open to the service.
func onlyService(err error) bool { return errors.Is(err, secret.ErrNoKey) }

// signInMost is how long the service is waited for once it has begun: longer than it waits for the mail service.
const signInMost = 90 * time.Second

// handing is one sign-in on its way to the service, which alone can open the client secret. It lives off the window's
// goroutine.
type handing struct {
	patience

	sign  *SignIn
	run   *signingIn
	desk  *Desk
	v     data.Server
	store *store.Store
}

// byService does the browser's part here and lets the service do the rest.
func (s *SignIn) byService(ctx context.Context, run *signingIn, v data.Server, proxy string, open func(address string) error) (Granted, error) {
	st, release, problem := s.desk.use()
	defer release()
	if st == nil {
		return Granted{}, problem
	}
	if err := s.desk.believe(ctx, st); err != nil {
		return Granted{}, err
	}
	h := &handing{patience: s.patience, sign: s, run: run, desk: s.desk, v: v, store: st}
	if err := h.wake(ctx); err != nil {
		return Granted{}, err
	}
	if _, err := house.SealHandover(s.desk.o.Place, v, data.SignInHandover{}); err != nil {
		return Granted{}, err // before anybody signs in for nothing
	}
	if v.SignIn == data.SignInMicrosoftApp {
		return h.hand(ctx, data.SignInHandover{User: v.User})
	}
	var granted Granted
	err := s.desk.o.SignIns.Page(ctx, v, proxy, open, func(ctx context.Context, brought data.SignInHandover) (string, error) {
		var err error
		granted, err = h.hand(ctx, brought)
		return granted.User, err
	})
	return granted, err
}

func (h *handing) note(text string, stage SignInStage) {
	h.sign.show(h.run, func() { h.sign.note, h.sign.stage = text, stage })
}

// wake starts a stopped service before anybody signs in: the code would be void when it is up.
func (h *handing) wake(ctx context.Context) error {
	switch h.desk.askService(ctx).State {
	case ServiceRunning, ServiceUnknown, ServiceStarting, ServiceRestarting:
		return nil
	default:
	}
	h.note(h.desk.Say("The service is stopped. Starting it first."), SignInWaiting)
	err := h.desk.o.Service.Start(ctx)
	h.desk.Wake()
	h.note("", SignInWaiting)
	return err
}

// hand seals what the browser brought for the service and waits for its answer. From here on it is not given up: the
// service may have stored the sign-in already.
func (h *handing) hand(ctx context.Context, brought data.SignInHandover) (Granted, error) {
	brought.Keep = h.run.keep
	sealed, err := house.SealHandover(h.desk.o.Place, h.v, brought)
	if err != nil {
		return Granted{}, err
	}
	h.note(h.desk.Say("The service finishes the sign-in."), SignInKeeping)
	id, err := h.store.Ask(ctx, data.Request{Kind: data.RequestSignIn, Server: h.v.Number, Sealed: sealed})
	if err != nil {
		return Granted{}, err
	}
	asked := time.Now()
	alive := asked
	look := time.NewTicker(h.look)
	defer look.Stop()
	for {
		r, err := h.store.Request(ctx, id)
		if err == nil && !r.Done.IsZero() {
			return h.answered(ctx, r)
		}
		if err == nil && time.Since(alive) >= h.alive {
			alive = time.Now()
			if gone := h.gone(ctx, r, time.Since(asked)); gone != nil {
				return Granted{}, gone
			}
		}
		if err != nil && time.Since(asked) > h.mute { // another program may hold the database for a moment
			return Granted{}, err
		}
		select {
		case <-ctx.Done():
			_, _ = h.store.TakeBackRequest(context.WithoutCancel(ctx), id, "")
			return Granted{}, ctx.Err()
		case <-look.C:
		}
	}
}

// gone says why nobody will answer, and takes the request back; nil: somebody will.
func (h *handing) gone(ctx context.Context, r data.Request, waited time.Duration) error {
	f := &following{desk: h.desk, store: h.store, patience: h.patience}
	again := h.desk.Say("Start the service again, then sign in again.")
	st := h.desk.askService(ctx)
	if st.Reason != "" {
		again = st.Reason + " " + again
	}
	stopped := st.State == ServiceStopped || st.State == ServiceFailed || st.State == ServiceNotInstalled
	switch {
	case r.Taken.IsZero() && (stopped || waited >= h.mute):
		sentence := h.desk.Say("The service does not answer, so nobody was signed in.")
		back, err := h.store.TakeBackRequest(ctx, r.ID, sentence)
		if err != nil || !back {
			return err // it was taken at the last moment: its answer comes
		}
		return &data.Error{Code: data.CodeNotNow, Sentence: sentence, Next: again}
	case !r.Taken.IsZero() && (stopped || f.bornAgain(ctx, r) || waited >= signInMost):
		if now, err := h.store.Request(ctx, r.ID); err == nil && !now.Done.IsZero() {
			return nil // its last word is read next
		}
		return &data.Error{Code: data.CodeNotNow, Sentence: h.desk.Say("The service stopped in the middle of the sign-in."), Next: again}
	}
	return nil
}

// answered reads what the service says. What it sealed stands nowhere but in the window then.
func (h *handing) answered(ctx context.Context, r data.Request) (Granted, error) {
	var a data.SignInAnswer
	if len(r.Details) > 0 {
		if err := json.Unmarshal(r.Details, &a); err != nil {
			return Granted{}, err
		}
	}
	if len(a.Sealed) > 0 {
		if err := h.store.FinishRequest(ctx, r.ID, r.OK, r.Result, nil); err != nil {
			h.desk.o.Log.Warn("an answer cannot be taken away", "error", err)
		}
	}
	granted := Granted{User: a.User, Missing: a.Missing, Other: a.Other, Kept: a.Kept}
	if !r.OK {
		next := a.Next
		if next == "" {
			next = h.desk.Say("Start the service again, then sign in again.")
		}
		if !a.Other {
			granted = Granted{}
		}
		granted.Keep = keeps(a)
		return granted, &data.Error{Code: a.Code, Sentence: r.Result, Next: next}
	}
	granted.Keep = keeps(a)
	return granted, nil
}

// keeps makes what the store keeps of a sign-in that the service gave back sealed.
func keeps(a data.SignInAnswer) func(data.Server, time.Time, func(data.Server, data.Secret) (string, error)) (data.SignIn, error) {
	return func(v data.Server, now time.Time, _ func(data.Server, data.Secret) (string, error)) (data.SignIn, error) {
		in := data.SignIn{Server: v.Number, Way: v.SignIn, User: a.User, Scopes: a.Scopes, At: now, Renewed: now, Until: a.Until, Bound: v.SignInBound()}
		var there bool
		if in.Sealed, there = a.Sealed[in.Bound]; !there {
			return in, &data.Error{Code: data.CodeConflict, Sentence: "The settings were changed during the sign-in, so it was not kept.", Next: "Look at them, then sign in again."}
		}
		return in, nil
	}
}
