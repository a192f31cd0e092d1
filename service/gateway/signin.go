package gateway

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/service/relay"
)

// stepSignInService is the step of a Test or Probe in which the mail service (Google, Microsoft) is asked for a token,
// before the mail server is dialled.
const stepSignInService = "sign-in service"

// keeper gives out what a server with a sign-in takes instead of a password; service/signin has one. Its errors are
// *data.Error: data.CodeSignIn when a person has to sign in (again), another code for what may pass by itself.
type keeper interface {
	Token(ctx context.Context, v data.Server) (data.Secret, error)
	// Refused says that the mail server did not take the token: the next one is fetched anew.
	Refused(ctx context.Context, server int, token data.Secret)
	// Close waits for a renewal under way, so that what was renewed is kept.
	Close()
}

// withToken puts a token into v if its sign-in wants one. Without one the outcome says why: it is the server's trouble,
// so everything waits.
func (g *Gateway) withToken(ctx context.Context, v data.Server, tell func(data.Step)) (data.Server, data.Outcome, bool) {
	if v.SignIn == data.SignInNone || !v.Login() {
		return v, data.Outcome{}, true
	}
	began := g.o.Now()
	token, err := g.keeper.Token(ctx, v)
	step := data.Step{Name: stepSignInService, OK: err == nil, Text: "There is a valid sign-in for " + v.User + ".", Took: g.o.Now().Sub(began)}
	var out data.Outcome
	if err != nil {
		out = noToken(ctx, v, err)
		step.Text, step.Remedy, step.Advice = out.Sentence, out.Remedy, out.Advice
		g.o.Log.Debug("no token", "server", v.Number, "code", string(data.CodeOf(err)), "sentence", out.Sentence)
	}
	if tell != nil {
		tell(step)
	}
	v.Token = token
	return v, out, err == nil
}

// noToken is the outcome of a dial for which there is no token. Asking for a person's sign-in is left alone for long, as
// after a wrong password; a mail service out of order is asked again soon, as one that does not answer.
func noToken(ctx context.Context, v data.Server, err error) data.Outcome {
	out := data.Outcome{Kind: data.KindServer, Phase: data.PhaseAuth, Pause: data.PauseShort, Blame: data.BlameIT, Sentence: sentence(err), Remedy: next(err)}
	switch {
	case ctx.Err() != nil:
		out.Blame, out.Pause = data.BlameNobody, data.PauseNone
		out.Sentence, out.Remedy = "The service was stopped before the message was handed over.", "Nothing to do: it is tried again by itself."
	case data.AsError(err) == nil: // words for the log, not for a person
		out.Sentence, out.Remedy = "The sign-in of "+v.User+" could not be renewed.", "It is tried again by itself. If it stays so, ask IT."
	case data.CodeOf(err) == data.CodeSignIn && v.SignIn == data.SignInMicrosoftApp:
		out.Pause, out.Advice = data.PauseAuth, "it-sheet"
	case data.CodeOf(err) == data.CodeSignIn:
		out.Pause, out.Blame, out.Advice = data.PauseAuth, data.BlameSettings, "browser"
	}
	return out
}

// dialler is one way of meeting a mail server, which tells its steps.
type dialler func(v data.Server, tell func(data.Step)) data.Outcome

// withSignIn dials with a token where the server wants one. A token that let us in before and does not now was withdrawn
// early: there is one more try with a new one, as no account is locked for that. One that was new is not tried twice.
func (g *Gateway) withSignIn(ctx context.Context, v data.Server, tell func(data.Step), dial dialler) data.Outcome {
	v, out, ok := g.withToken(ctx, v, tell)
	if !ok {
		return out
	}
	if !g.tokenKnown(v) {
		out = dial(v, tell)
		g.tokenUsed(ctx, v, out)
		return out
	}
	var refusal data.Step
	out = dial(v, told(tell, func(s data.Step) bool {
		refusal = s
		return s.Name != relay.StepSignIn || s.OK
	}))
	again := g.tokenUsed(ctx, v, out)
	if again {
		fresh, none, ok := g.withToken(ctx, v, told(tell, func(s data.Step) bool { return !s.OK }))
		if !ok {
			return none
		}
		v, again = fresh, fresh.Token != v.Token
	}
	if !again {
		if out.Kind == data.KindServer && refusal.Name == relay.StepSignIn && !refusal.OK && tell != nil {
			tell(refusal)
		}
		return out
	}
	in := false // what was told the first time is not told again
	out = dial(v, told(tell, func(s data.Step) bool {
		in = in || s.Name == relay.StepSignIn
		return in || !s.OK
	}))
	g.tokenUsed(ctx, v, out)
	return out
}

// told passes on those steps that are wanted.
func told(tell func(data.Step), wanted func(data.Step) bool) func(data.Step) {
	if tell == nil {
		return nil
	}
	return func(s data.Step) {
		if wanted(s) {
			tell(s)
		}
	}
}

// tokenKnown reports whether the mail server took this token before.
func (g *Gateway) tokenKnown(v data.Server) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return v.Token != "" && g.letIn[v.Number-1] == v.Token
}

// tokenUsed keeps how a dial with a token ended, and reports whether it was refused.
func (g *Gateway) tokenUsed(ctx context.Context, v data.Server, out data.Outcome) bool {
	if v.Token == "" {
		return false
	}
	if out.Kind == data.KindSent {
		g.mu.Lock()
		g.letIn[v.Number-1] = v.Token
		g.mu.Unlock()
	}
	if out.Phase != data.PhaseAuth || out.Code/100 != 5 {
		return false
	}
	g.keeper.Refused(ctx, v.Number, v.Token)
	return true
}

// lookAtSignIns notices that a person signed in, or took a sign-in back: what was paused for it is tried at once, within
// what the interval allows. At the start, a sign-in made since a server got into trouble counts as news. A token that the
// service itself renewed does not.
func (g *Gateway) lookAtSignIns(ctx context.Context, first bool) {
	var now [2]data.SignIn
	for i := range now {
		var err error
		if now[i], _, err = g.store.SignIn(ctx, i+1); err != nil {
			g.o.Log.Error("sign-ins cannot be read", "error", err)
			return
		}
	}
	g.mu.Lock()
	before := g.signIns
	g.signIns = now
	g.mu.Unlock()
	lift := false
	if first {
		lift = g.signedInSince(ctx, now)
	}
	for i := range now {
		is, was := &now[i], &before[i]
		own := is.Way == data.SignInMicrosoftApp && was.Way == data.SignInNone // begins with the service's first token
		switch {
		case first || own || is.At.Equal(was.At) && is.Way == was.Way:
			continue
		case is.Way == data.SignInNone:
			g.notef(ctx, data.JournalSettings, 0, "The sign-in of %s was forgotten.", data.ServerName(i+1))
		default:
			g.notef(ctx, data.JournalSettings, 0, "%s signed in for %s.", is.User, data.ServerName(i+1))
		}
		lift = true
	}
	if !lift {
		return
	}
	g.mu.Lock()
	g.lift, g.resume = true, true
	g.mu.Unlock()
	g.setEnough(true) // the check under way goes on with it
}

// signedInSince reports whether a server is left alone for a sign-in that was made anew since.
func (g *Gateway) signedInSince(ctx context.Context, now [2]data.SignIn) bool {
	states, err := g.store.ServerStates(ctx)
	if err != nil {
		g.o.Log.Error("server states cannot be read", "error", err)
		return false
	}
	for i, st := range states {
		if st.Outcome.Phase == data.PhaseAuth && !st.Since.IsZero() && now[i].At.After(st.Since) {
			return true
		}
	}
	return false
}
