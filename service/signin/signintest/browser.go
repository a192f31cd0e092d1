package signintest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Browser is a person's browser that follows where it is sent. Its test ends when all pages have been shown.
type Browser struct {
	tb    testing.TB
	pages chan string
}

// NewBrowser gives a browser.
func NewBrowser(tb testing.TB) *Browser {
	tb.Helper()
	return &Browser{tb, make(chan string, 16)}
}

// Open shows an address, without waiting for the page.
func (b *Browser) Open(url string) error {
	go func() { b.pages <- b.Get(url) }()
	return nil
}

// Page is the next page that Open came to, in full.
func (b *Browser) Page() string {
	b.tb.Helper()
	select {
	case p := <-b.pages:
		return p
	case <-b.tb.Context().Done():
		return ""
	}
}

// Get shows an address and gives the page it came to, or the error.
func (b *Browser) Get(url string) string {
	r, err := http.NewRequestWithContext(b.tb.Context(), http.MethodGet, url, nil)
	if err != nil {
		return err.Error()
	}
	a, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = a.Body.Close() }()
	page, _ := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	return string(page)
}

// Client asks the server without a network.
func (s *Server) Client() *http.Client { return &http.Client{Transport: inside{s}} }

type inside struct{ s *Server }

// RoundTrip lets the server answer in this goroutine.
func (i inside) RoundTrip(r *http.Request) (a *http.Response, err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler: // as net/http does it: the answer is lost
			err = io.ErrUnexpectedEOF
		default:
			panic(p)
		}
	}()
	w := httptest.NewRecorder()
	i.s.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}
