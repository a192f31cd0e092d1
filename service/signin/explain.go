package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"smtpgateway/data"
)

// explain turns an error of the library into one for people. The library's holds the whole answer, tokens and all, so it
// goes no further than here.
func (c *call) explain(err error) error {
	if c.ctx.Err() != nil {
		return c.ended()
	}
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		status := 0
		if e.Response != nil {
			status = e.Response.StatusCode
		}
		if e.ErrorCode == "" || status >= 500 || status == 429 {
			return c.temporary(fmt.Sprintf("answered with an error (%d)", status), errors.New(named(e.ErrorCode)))
		}
		return c.refused(e.ErrorCode, e.ErrorDescription)
	}
	return c.unreached(err)
}

// unreached is about an answer that did not come or cannot be read.
func (c *call) unreached(err error) error {
	host := c.host()
	if e, ok := errors.AsType[*net.OpError](err); ok && (e.Op == "proxyconnect" || e.Op == "socks connect") {
		return &data.Error{
			Code: data.CodeUnavailable, Sentence: "The school's proxy cannot be reached.",
			Next: "Ask IT whether the address at Proxy in the settings is right.", Err: errors.New(data.Clean(e.Error(), 300)),
		}
	}
	if errors.Is(err, errProxyLogin) {
		return c.unavailable("The school's proxy wants a user name and a password, which this program does not send.",
			"Ask IT to let this computer reach "+host+" through the proxy without one. It is tried again by itself.", errProxyLogin)
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return c.unavailable(host+"'s certificate is not valid at the time this computer shows, "+c.o.Now().Format("2 January 2006 15:04")+".",
			"Look at date, time and time zone of this computer; if they are right, ask IT what stands between it and "+host+".", e)
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return c.unavailable(host+" could not prove who it is; most often a filter of the school opens protected connections.",
			"Ask IT to let this computer reach "+host+" without a filter in between.", errors.New(data.Clean(e.Err.Error(), 300)))
	}
	switch {
	case errors.Is(err, errHTML), errors.Is(err, errRedirect):
		return c.unavailable("A web page came instead of "+c.way.name+"'s answer, most often from a filter or a log-in page of the school's network.",
			"Ask IT to let this computer reach "+host+" without a filter in between. It is tried again by itself.", cause(err))
	case errors.Is(err, errOversize):
		return c.temporary("gave an answer that is far too long", errOversize)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return c.temporary(fmt.Sprintf("did not answer within %d seconds", int(c.o.Wait.Seconds())), context.DeadlineExceeded)
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return c.temporary("cannot be found in the network", errors.New(data.Clean(e.Error(), 300)))
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return c.temporary("cannot be reached", errors.New(data.Clean(e.Error(), 300)))
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		return c.temporary("gave no usable answer", errors.New(c.clean(e.Err.Error())))
	}
	return c.temporary("gave no usable answer", nil) // what cannot be read may hold anything
}

func cause(err error) error {
	if errors.Is(err, errHTML) {
		return errHTML
	}
	return errRedirect
}

// temporary is trouble of the other side or of the way to it: "Google's sign-in service (host) did not answer".
func (c *call) temporary(what string, err error) error {
	host := c.host()
	reach := host
	if !strings.Contains(host, ":") {
		reach += ", port 443"
	}
	return c.unavailable(c.way.name+"'s sign-in service ("+host+") "+what+".",
		nextWait+" If it stays so, ask IT to let this computer reach "+reach+".", err)
}

func (c *call) unavailable(sentence, next string, err error) error {
	return &data.Error{Code: data.CodeUnavailable, Sentence: sentence, Next: c.withClock(c.wait(next)), Err: err}
}

func (c *call) withClock(next string) string {
	off := c.wire.wrong()
	if off == 0 {
		return next
	}
	way := "ahead"
	if off < 0 {
		way = "behind"
	}
	return next + " The clock of this computer is " + span(off.Abs()) + " " + way + ": set it right."
}

func span(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

func (c *call) host() string {
	u, err := url.Parse(c.way.endpoint.TokenURL)
	if err != nil {
		return c.way.name
	}
	return u.Host
}

// refused is a plain no, by its code (RFC 6749 4.1.2.1 and 5.2, RFC 8628 3.5) and what Microsoft and Google say besides.
func (c *call) refused(code, description string) error {
	said := named(code) + ": " + c.clean(description)
	w := c.words(code, description)
	e := &data.Error{Code: data.CodeSignIn, Sentence: w.sentence, Next: c.withClock(w.next), Err: errors.New(said)}
	if w.later {
		e.Code = data.CodeUnavailable
	}
	return e
}

var (
	codeLike  = regexp.MustCompile(`^[a-z][a-z_]{2,40}$`)
	tokenLike = regexp.MustCompile(`[A-Za-z0-9._~+/=%-]{20,}`)
	traceID   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`) // what Microsoft's support asks for
)

// clean makes foreign text fit for a log: on one line, short, and without what must stay hidden, should somebody echo it:
// the secrets of this call, and whatever looks like one of another.
func (c *call) clean(text string) string {
	for _, h := range c.hide {
		if s := h.Reveal(); len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "...")
			text = strings.ReplaceAll(text, url.QueryEscape(s), "...")
		}
	}
	text = tokenLike.ReplaceAllStringFunc(text, func(word string) string {
		if traceID.MatchString(word) {
			return word
		}
		return "..."
	})
	return data.Clean(text, 300)
}

// named is an error code as it may be shown; what is none by its looks is not.
func named(code string) string {
	if codeLike.MatchString(code) {
		return code
	}
	return "without a reason that can be read"
}
