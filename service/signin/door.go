package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"time"

	"smtpgateway/data"
)

// door is the loopback address to which the browser comes back (RFC 8252 7.3), open for one sign-in.
type door struct {
	address string // redirect URI
	state   string // that the right browser brings along (RFC 6749 10.12)
	back    chan back
	took    chan struct{} // full once an answer was taken
	over    chan struct{} // closed when page is right
	page    page
	servers []*http.Server
}

// back is what the browser brought.
type back struct{ code, err, description string }

// page is what the browser shows in the end.
type page struct {
	Title, Text string
	Status      int
}

// openDoor listens on any free port of 127.0.0.1, and on the same of ::1 where that can be had, as a browser may take
// localhost for either.
func (c *call) openDoor(ctx context.Context) (*door, error) {
	four, err := c.listen(ctx, "tcp4", "127.0.0.1:0")
	if ctx.Err() != nil {
		return nil, c.ended()
	}
	if err != nil {
		return nil, &data.Error{
			Code: data.CodeNotNow, Sentence: "This computer does not let the program wait for the browser's answer.",
			Next: "Ask IT whether a security program forbids it to listen on 127.0.0.1; or sign in with a code on another device.", Err: err,
		}
	}
	_, port, err := net.SplitHostPort(four.Addr().String())
	if err != nil {
		return nil, errors.Join(err, four.Close())
	}
	d := &door{
		address: "http://" + net.JoinHostPort(c.way.redirect, port), state: rand.Text(),
		back: make(chan back, 1), took: make(chan struct{}, 1), over: make(chan struct{}),
	}
	d.serve(four)
	if six, err := c.listen(ctx, "tcp6", net.JoinHostPort("::1", port)); err == nil {
		d.serve(six)
	}
	return d, nil
}

func (d *door) serve(l net.Listener) {
	s := &http.Server{Handler: d, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 32 << 10}
	d.servers = append(d.servers, s)
	go func() { _ = s.Serve(l) }() // ends with Close
}

// ServeHTTP takes the answer once. What does not know the state is another sign-in's or nobody's: it changes nothing.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case r.Method != http.MethodGet || r.URL.Path != "/" || !sameHost(r.Host, d.address):
		http.NotFound(w, r)
		return
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(d.state)) != 1:
		show(w, page{"Not this sign-in", "This page belongs to another sign-in, perhaps an older one. Close it and go on in the newest.", http.StatusBadRequest})
		return
	case q.Get("code") == "" && q.Get("error") == "":
		show(w, page{"Nothing arrived", "The page came without an answer. Close it and begin the sign-in again.", http.StatusBadRequest})
		return
	}
	select {
	case d.took <- struct{}{}:
		d.back <- back{q.Get("code"), q.Get("error"), q.Get("error_description")}
	default: // a second tab, or the page loaded again: it is told how the first ended
	}
	select {
	case <-d.over:
		show(w, d.page)
	case <-r.Context().Done():
	}
}

func sameHost(host, address string) bool {
	u, err := url.Parse(address)
	return err == nil && (host == u.Host || host == "127.0.0.1:"+u.Port() || host == "[::1]:"+u.Port() || host == "localhost:"+u.Port())
}

// finish shows the browser how it ended and closes the door.
func (d *door) finish(ctx context.Context, user string, err error) {
	switch {
	case err == nil && user != "":
		d.page = page{"You are signed in", "SMTP Gateway may now send as " + user + ". You may close this page.", http.StatusOK}
	case err == nil:
		d.page = page{"You are signed in", "SMTP Gateway may now send. You may close this page.", http.StatusOK}
	default:
		sentence, next := data.Words(err)
		d.page = page{"That did not work", sentence + " " + next + " You may close this page.", http.StatusOK}
	}
	close(d.over)
	// Pages under way are let out; a browser that holds a connection open without a word is not waited for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	for _, s := range d.servers {
		if s.Shutdown(ctx) != nil {
			_ = s.Close()
		}
	}
}

var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}} - SMTP Gateway</title>
<style>body{font:18px/1.5 sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}</style></head>
<body><h1>{{.Title}}</h1><p>{{.Text}}</p></body></html>
`))

// show answers with a page that no cache keeps, as its address holds the code.
func show(w http.ResponseWriter, p page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.WriteHeader(p.Status)
	_ = pageTemplate.Execute(w, p)
}
