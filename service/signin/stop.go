package signin

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"smtpgateway/data"
)

// lastWait is how long Close waits for an answer that may hold a new refresh token. Most come within a second; the system
// kills a service that takes much longer to stop.
const lastWait = 5 * time.Second

// Close ends the Keeper, before the store is closed. A renewal whose request may have reached the other side is given a few
// seconds, because a rotated token that is not saved ends the sign-in; any other is broken off. What could not be saved
// before is tried once more.
func (k *Keeper) Close() {
	k.once.Do(func() { close(k.closing) })
	k.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), lastWait)
	defer cancel()
	for i := range k.lines {
		if err := k.settle(ctx, &k.lines[i]); err != nil {
			k.o.Log.Warn("sign-in: the new token could not be saved before the end", "server", i+1, "error", err)
		}
	}
}

// ask gets a new token from the other side, for as long as the Keeper is not closed.
func (k *Keeper) ask(ctx context.Context, v data.Server, refresh data.Secret) (Grant, error) {
	proxy := ""
	if k.o.Proxy != nil {
		proxy = k.o.Proxy()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var safe atomic.Bool // nothing of the request has left yet
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { safe.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { safe.Store(false) },
	})
	done := make(chan struct{})
	defer close(done)
	itself := v.SignIn == data.SignInMicrosoftApp
	go func() {
		select {
		case <-k.closing:
		case <-done:
			return
		}
		if !itself && !safe.Load() {
			late := time.NewTimer(lastWait)
			defer late.Stop()
			select {
			case <-late.C:
			case <-done:
			}
		}
		cancel()
	}()
	if itself {
		return k.o.Provider.app(ctx, v, proxy, true)
	}
	return k.o.Provider.renew(ctx, v, proxy, refresh)
}
