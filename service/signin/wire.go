package signin

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"smtpgateway/data"
)

// largest is how much of an answer is read, in octets: tokens have some thousand.
const largest = 256 << 10

var (
	errOversize = errors.New("the answer is too long")
	errHTML     = errors.New("the answer is a web page")
	errRedirect = errors.New("the answer is a redirect to another address")
)

// wire carries the requests of one call: each with a time limit that holds for its body too, read with a limit on its
// length. It keeps what the other side's clock said.
type wire struct {
	ctx  context.Context //nolint:containedctx // of the call: one request of the library comes without
	base http.RoundTripper
	wait time.Duration
	now  func() time.Time
	own  *http.Transport // to be closed; nil: somebody else's

	mu   sync.Mutex
	skew time.Duration // of this computer's clock against the other side's
}

func (p *Provider) dial(ctx context.Context, proxyURL string) (*wire, error) {
	w := &wire{ctx: ctx, wait: p.o.Wait, now: p.o.Now}
	if p.o.HTTP != nil {
		if w.base = p.o.HTTP.Transport; w.base == nil {
			w.base = http.DefaultTransport
		}
		return w, nil
	}
	proxy := http.ProxyFromEnvironment
	if proxyURL != "" {
		u, err := url.Parse(proxyURL)
		if err != nil || u.Host == "" {
			return nil, &data.Error{Code: data.CodeBadSettings, Sentence: "The proxy in the settings is not an address.", Next: "Write it as http://proxy.school.org:3128."}
		}
		proxy = http.ProxyURL(u)
	}
	w.own = &http.Transport{
		Proxy: proxy, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: p.o.Wait, MaxResponseHeaderBytes: 64 << 10,
	}
	w.base = w.own
	return w, nil
}

func (w *wire) close() {
	if w.own != nil {
		w.own.CloseIdleConnections()
	}
}

// noRedirect: a token endpoint never sends anybody elsewhere, and what is asked of it must be told to nobody else.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// RoundTrip asks once and reads the whole answer.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), w.wait)
	defer cancel()
	defer context.AfterFunc(w.ctx, cancel)() //nolint:contextcheck // the one of the request is not always the call's
	a, err := w.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer func() { _ = a.Body.Close() }()
	if at, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		w.mu.Lock()
		w.skew = w.now().Sub(at)
		w.mu.Unlock()
	}
	body, err := io.ReadAll(io.LimitReader(a.Body, largest+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > largest:
		return nil, errOversize
	case a.StatusCode >= 300 && a.StatusCode < 400:
		return nil, errRedirect
	case bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n\ufeff"), []byte("<")):
		return nil, errHTML
	}
	// A program that answers JSON as text/plain would be read as a form.
	a.Header.Set("Content-Type", "application/json")
	a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return a, nil
}

// wrong is how far this computer's clock is off, or 0 if it is within five minutes, as far as was seen.
func (w *wire) wrong() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.skew.Abs() < 5*time.Minute {
		return 0
	}
	return w.skew.Round(time.Minute)
}
