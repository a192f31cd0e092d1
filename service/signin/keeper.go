package signin

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"smtpgateway/data"
)

// early is how long before its end a token is renewed.
const early = 5 * time.Minute

// Store is what the Keeper needs of the store.
type Store interface {
	// SignIn gives Rotations even where there is no sign-in.
	SignIn(ctx context.Context, server int) (data.SignIn, bool, error)
	// SaveSignIn is durable when it returns. CodeConflict: somebody changed it since it was read.
	SaveSignIn(ctx context.Context, in data.SignIn) error
}

// KeeperOptions are a Keeper's surroundings.
type KeeperOptions struct {
	Store    Store
	Provider *Provider // nil: New with Now and Log
	Open     func(v data.Server, sealed string) (data.Secret, error)
	Seal     func(v data.Server, token data.Secret) (string, error)
	Proxy    func() string // address in force; nil: none
	Now      func() time.Time
	Log      *slog.Logger
}

// Keeper holds the access tokens of the service, in memory only, and renews them. There is one on a computer: a refresh
// token that is used by two is withdrawn by the other side.
type Keeper struct {
	o       KeeperOptions
	lines   [2]line
	work    sync.WaitGroup
	once    sync.Once
	closing chan struct{} // closed by Close
}

// line is one server's. Its turn is taken by whoever looks at the rest.
type line struct {
	turn chan struct{}
	have *held
	owed *owed
}

// held is an access token in use.
type held struct {
	token     data.Secret
	got, ends time.Time
	rotations int64  // of the row it belongs to
	bound     string // what it holds for
	refused   bool   // by the mail server
}

// owed is a rotated refresh token that could not be saved yet. Its access token waits with it.
type owed struct {
	row  data.SignIn
	held held
}

// NewKeeper gives a Keeper; Close ends it.
func NewKeeper(o KeeperOptions) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Provider == nil {
		o.Provider = New(Options{Now: o.Now, Log: o.Log})
	}
	k := &Keeper{o: o, closing: make(chan struct{})}
	for i := range k.lines {
		k.lines[i].turn = make(chan struct{}, 1)
	}
	return k
}

// Refused tells that the mail server did not take a token: the next Token gets a new one, once. It does not wait for a
// renewal under way when ctx ends.
func (k *Keeper) Refused(ctx context.Context, server int, token data.Secret) {
	l := &k.lines[index(server)]
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	if l.have != nil && l.have.token == token { // else there is a newer one already
		l.have.refused = true
	}
	<-l.turn
}

// Token gives an access token for a server's mailbox, good for five minutes at least where that can be had. A refresh
// token that comes with it is on the disk by then. v is the server of the settings in force, with ClientSecret opened.
// Errors: CodeSignIn, a person has to do what Next says; CodeUnavailable and those of the store, try again later; that of
// ctx, which ends the waiting and not the renewal.
func (k *Keeper) Token(ctx context.Context, v data.Server) (data.Secret, error) {
	l := &k.lines[index(v.Number)]
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	type answer struct {
		token data.Secret
		err   error
	}
	done := make(chan answer, 1)
	k.work.Go(func() {
		defer func() { <-l.turn }()
		token, err := k.token(context.WithoutCancel(ctx), l, v)
		done <- answer{token, err}
	})
	select {
	case a := <-done:
		return a.token, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func index(server int) int {
	if server == 2 {
		return 1
	}
	return 0
}

// mostTurns bounds how often a renewal begins anew because a person signed in at the same time.
const mostTurns = 3

func (k *Keeper) token(ctx context.Context, l *line, v data.Server) (data.Secret, error) {
	var err error
	for range mostTurns {
		if err = k.settle(ctx, l); err != nil {
			return "", err
		}
		var token data.Secret
		if token, err = k.give(ctx, l, v); data.CodeOf(err) != data.CodeConflict {
			return token, err
		}
	}
	return "", err
}

// settle saves what is owed. The token of a row that somebody replaced meanwhile is of no use.
func (k *Keeper) settle(ctx context.Context, l *line) error {
	if l.owed == nil {
		return nil
	}
	err := k.o.Store.SaveSignIn(ctx, l.owed.row)
	switch {
	case err == nil:
		have := l.owed.held
		l.have = &have
	case data.CodeOf(err) != data.CodeConflict:
		return err
	}
	l.owed = nil
	return nil
}

func (k *Keeper) give(ctx context.Context, l *line, v data.Server) (data.Secret, error) {
	row, there, err := k.o.Store.SignIn(ctx, v.Number)
	if err != nil {
		return "", err
	}
	bound := v.SignInBound()
	if l.have != nil && (l.have.rotations != row.Rotations || l.have.bound != bound) {
		l.have = nil
	}
	if l.have != nil && l.have.good(k.o.Now(), early) {
		return l.have.token, nil
	}
	if v.SignIn == data.SignInMicrosoftApp {
		if !there || row.Bound != bound {
			row = data.SignIn{Server: v.Number, Way: v.SignIn, User: v.User, At: k.o.Now(), Bound: bound, Rotations: row.Rotations}
		}
	} else if sentence, next, holds := data.SignInState(v, row, there); !holds && (!there || row.Bound != bound) {
		return "", &data.Error{Code: data.CodeSignIn, Sentence: sentence, Next: next}
	}
	var refresh data.Secret
	if row.Sealed != "" {
		if refresh, err = k.o.Open(v, row.Sealed); err != nil {
			return "", &data.Error{
				Code: data.CodeSignIn, Sentence: "The stored sign-in cannot be opened on this computer.",
				Next: "Open Settings and click Sign in again.", Err: err,
			}
		}
	}
	if refresh != "" {
		// Whether a new one could be kept is known before the old one is given up.
		if _, err := k.o.Seal(v, refresh); err != nil {
			return "", err
		}
	}
	g, err := k.ask(ctx, v, refresh)
	if err != nil {
		return k.without(ctx, l, v, row, err)
	}
	return k.keep(ctx, l, v, row, refresh, g)
}

// without goes on after a renewal that failed: with the token at hand while it lasts, if the other side is only out of
// order; and with the reason kept for people, if it said no.
func (k *Keeper) without(ctx context.Context, l *line, v data.Server, row data.SignIn, err error) (data.Secret, error) {
	sentence, next := data.Words(err)
	k.o.Log.Warn("sign-in: no new token", "server", v.Number, "reason", sentence, "answer", causeOf(err))
	if data.CodeOf(err) != data.CodeSignIn {
		if l.have != nil && l.have.good(k.o.Now(), 0) {
			return l.have.token, nil
		}
		return "", err
	}
	l.have = nil
	if row.Trouble != sentence || row.Remedy != next {
		row.Trouble, row.Remedy, row.Rotations = sentence, next, row.Rotations+1
		switch saved := k.o.Store.SaveSignIn(ctx, row); {
		case data.CodeOf(saved) == data.CodeConflict:
			return "", saved // somebody signed in anew: theirs is asked
		case saved != nil:
			k.o.Log.Warn("sign-in: the reason could not be kept", "server", v.Number, "error", saved)
		}
	}
	return "", err
}

// keep makes a new token durable, then gives it out.
func (k *Keeper) keep(ctx context.Context, l *line, v data.Server, row data.SignIn, before data.Secret, g Grant) (data.Secret, error) {
	now := k.o.Now()
	rotated := g.Refresh != before
	if rotated {
		sealed, err := k.o.Seal(v, g.Refresh)
		if err != nil {
			return "", err
		}
		row.Sealed = sealed
	}
	row.Rotations++
	row.Renewed, row.Trouble, row.Remedy = now, "", ""
	row.Scopes = slices.Clone(g.Scopes)
	if !g.Until.IsZero() {
		row.Until = g.Until
	}
	fresh := held{token: g.Access, got: now, ends: g.Expires, rotations: row.Rotations, bound: row.Bound}
	err := k.o.Store.SaveSignIn(ctx, row)
	switch {
	case err == nil:
	case data.CodeOf(err) == data.CodeConflict:
		return "", err
	case rotated:
		// The old one is void and the new one lies in memory only: nothing goes out on it before it is saved.
		l.owed = &owed{row, fresh}
		k.o.Log.Warn("sign-in: the new token could not be saved; saved before the next use", "server", v.Number, "error", err)
		return "", err
	default:
		k.o.Log.Warn("sign-in: the renewal could not be noted", "server", v.Number, "error", err)
		fresh.rotations--
	}
	l.have = &fresh
	k.o.Log.Info("sign-in: new token", "server", v.Number, "until", g.Expires, "rotated", rotated)
	return fresh.token, nil
}

// good reports whether a token lasts for some time yet, by the wall clock and by the one that only runs forwards: a
// computer that slept has lost time on the second, one whose clock was set on the first.
func (h *held) good(now time.Time, yet time.Duration) bool {
	return !h.refused && now.Add(yet).Before(h.ends) && now.Add(yet).Round(0).Before(h.ends.Round(0)) && !now.Round(0).Before(h.got.Round(0))
}

// causeOf is what the other side said, cleaned before, for the log.
func causeOf(err error) string {
	if e := data.AsError(err); e != nil {
		if inner := errors.Unwrap(e); inner != nil {
			return data.Clean(inner.Error(), 300)
		}
	}
	return ""
}
