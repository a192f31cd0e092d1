package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/service/signin"
)

// signInGrace is how long a stop waits for a sign-in under way: its code is good once, and what it brought is kept.
const signInGrace = 5 * time.Second

// finishSignIn does at once what a window asks that cannot open the client secret. It is not the courier's: the code ends
// within a minute, and a message may be in the courier's hands for longer.
func (g *Gateway) finishSignIn(ctx context.Context, r data.Request) {
	g.handed.Go(func() {
		g.handing.Lock() // one at a time, however many are asked for
		defer g.handing.Unlock()
		inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		defer context.AfterFunc(ctx, func() { time.AfterFunc(signInGrace, cancel) })()
		var a data.SignInAnswer
		err := stoppedFirst(ctx)
		if err == nil {
			a, err = g.signIn(inner, r)
		}
		result := "The sign-in worked."
		if err != nil {
			result, a.Next = data.Words(err)
			a.Code = data.CodeOf(err)
			g.o.Log.Warn("sign-in: what a window began came to nothing", "server", r.Server, "reason", result)
		}
		details, err := json.Marshal(a)
		if err == nil {
			err = g.store.FinishRequest(context.WithoutCancel(ctx), r.ID, a.Code == "", result, details)
		}
		if err != nil {
			g.o.Log.Error("an answer cannot be written", "error", err)
		}
		if a.Kept {
			g.Kick() // what waited for it goes on
		}
	})
}

// stoppedFirst says that the service stopped before the turn of a sign-in came.
func stoppedFirst(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &data.Error{Code: data.CodeNotNow, Sentence: "The service stopped before the sign-in was finished.", Next: "Start the service, then sign in again.", Err: ctx.Err()}
}

// signIn takes what the browser brought to the mail service and stores the sign-in, if that is wanted and it is that of the
// mailbox.
func (g *Gateway) signIn(ctx context.Context, r data.Request) (data.SignInAnswer, error) {
	var a data.SignInAnswer
	v, proxy, err := g.storedServer(ctx, r.Server)
	if err != nil {
		return a, err
	}
	if v.ClientSecret, err = house.OpenClientSecret(g.o.Place, v); err != nil {
		return a, &data.Error{
			Code: data.CodeBadSecret, Sentence: "The service cannot open the client secret that is stored.",
			Next: "Paste it into Client secret and sign in again; IT finds it, or makes a new one, where the app registration is kept.", Err: err,
		}
	}
	h, err := house.OpenHandover(g.o.Place, v, r.Sealed)
	if err != nil {
		return a, changedMeanwhile(err)
	}
	v.User = h.User
	var grant signin.Grant
	if h.Code == "" {
		grant, err = g.provider.App(ctx, v, proxy)
	} else {
		grant, err = g.provider.Exchange(ctx, v, proxy, h)
	}
	a.User, a.Missing, a.Scopes, a.Until = grant.User, grant.Missing, grant.Scopes, grant.Until
	a.Other = errors.Is(err, signin.ErrOtherAccount)
	if err != nil && !a.Other {
		return a, err
	}
	if h.Keep && !a.Other {
		a.Kept = true
		if err := g.keepSignIn(ctx, v, grant); err != nil {
			return data.SignInAnswer{}, err
		}
		return a, nil
	}
	own := v
	own.User = grant.User
	a.Sealed = make(map[string]string)
	for _, one := range []data.Server{v, own} {
		in, bad := grant.SignIn(one, g.o.Now(), house.SealSignIn(g.o.Place))
		if bad != nil {
			return data.SignInAnswer{}, bad
		}
		a.Sealed[in.Bound] = in.Sealed
	}
	return a, err
}

// keepSignIn stores a sign-in, if the settings are still those it was made for.
func (g *Gateway) keepSignIn(ctx context.Context, v data.Server, grant signin.Grant) error {
	in, err := grant.SignIn(v, g.o.Now(), house.SealSignIn(g.o.Place))
	if err != nil {
		return err
	}
	now, _, err := g.storedServer(ctx, v.Number)
	if err != nil {
		return err
	}
	if now.SignInBound() != in.Bound {
		return changedMeanwhile(nil)
	}
	return g.store.ReplaceSignIn(ctx, in)
}

// storedServer is a server of the settings as they are stored, in force or not, and the proxy.
func (g *Gateway) storedServer(ctx context.Context, n int) (data.Server, string, error) {
	values, _, err := g.store.Settings(ctx)
	if err != nil {
		return data.Server{}, "", err
	}
	set, _ := data.ParseSettings(values)
	return *set.Server(n), set.ProxyURL, nil
}

func changedMeanwhile(err error) error {
	return &data.Error{
		Code: data.CodeConflict, Sentence: "The settings were changed by somebody else during the sign-in, so it was not kept.",
		Next: "Look at them, then sign in again.", Err: err,
	}
}
