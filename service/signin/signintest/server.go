// Package signintest is in charge of an authorization server on loopback that does what a test tells it: it has the
// addresses of Google and of Microsoft, rotates refresh tokens and withdraws a sign-in whose old token comes back, and
// answers wrongly on demand. The real one that our promises are held against as well is in the tests of signin.
package signintest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
)

// What the school registered.
const (
	ClientID     = "client-of-the-school"
	ClientSecret = "Wert~des-Geheimnisses.42"
	Tenant       = "school.onmicrosoft.example"
	Mailbox      = "library@school.example"
)

// Rules are how the server behaves. The zero value is a well-behaved Google or Microsoft at which Mailbox signs in.
type Rules struct {
	User         string     // who sits in front of the browser; empty: Mailbox
	NoIDToken    bool       // nobody is told who signed in
	NoRefresh    bool       // access for an hour only
	KeepRefresh  bool       // refresh tokens are not rotated, as with Google
	Scopes       []string   // granted; nil: all that were asked for
	Life         int        // of an access token, in seconds; 0: an hour
	Until        int        // refresh_token_expires_in; 0: not told
	Claims       url.Values // put into the id token instead of the right ones
	Roles        []string   // of the token of an application; nil: the token is no JSON Web Token
	Refuse       string     // error with which the authorize page sends the browser back
	Description  string     // error_description of that
	Pending      int        // how often a device code is told to wait
	Clock        time.Duration
	Answers      []Answer // of the token endpoint, before it does what it should
	ForEver      bool     // the last of Answers is not used up
	BeforeAnswer func()   // called by the token endpoint when it has decided, before it answers
}

// Answer is one wrong answer.
type Answer struct {
	Status   int
	Type     string // Content-Type; empty: application/json
	Body     string
	Location string // for a redirect
	Hang     bool   // no answer until the other side leaves
	Lost     bool   // does what it should, and then the answer is lost
}

// Refusal is the answer with an error code and its description.
func Refusal(code, description string) Answer {
	return Answer{Status: http.StatusBadRequest, Body: fmt.Sprintf(`{"error":%s,"error_description":%s}`, quote(code), quote(description))}
}

// Server is the authorization server.
type Server struct {
	URL string

	mu      sync.Mutex
	rules   Rules
	codes   map[string]asked  // by code; empty: used
	grants  map[string]*grant // by refresh token, old ones too
	access  map[string]*access
	devices map[string]*asked
	secrets []string
	forms   []url.Values
}

type asked struct {
	clientID, redirect, challenge, nonce, scope, user string
	waits                                             int
}

type grant struct {
	user, scope, current string
	dead                 bool
}

type access struct {
	user    string
	of      *grant // nil: an application's
	expired bool
}

// New starts a server that ends with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := Unplugged()
	web := httptest.NewServer(s)
	tb.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

// Unplugged is a server without a network, which is asked through Client: for tests in a bubble of synctest.
func Unplugged() *Server {
	return &Server{
		URL: "https://login.school.example", codes: map[string]asked{}, grants: map[string]*grant{},
		access: map[string]*access{}, devices: map[string]*asked{},
	}
}

// Behave changes the rules.
func (s *Server) Behave(f func(*Rules)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.rules)
}

// Settings are those of a school whose mailbox is signed in to by way at this server.
func (s *Server) Settings(way data.SignInWay) data.Server {
	v := data.Server{
		Number: 1, Host: "smtp.school.example", Port: 587, Security: data.SecuritySTARTTLS, Auth: data.AuthAuto, User: Mailbox, Connections: 1,
		SignIn: way, ClientID: ClientID, SignInAddress: s.URL,
	}
	if way != data.SignInMicrosoft {
		v.ClientSecret = ClientSecret
	}
	if way != data.SignInGoogle {
		v.Tenant = Tenant
	}
	return v
}

// Forms are what the token endpoint was asked so far.
func (s *Server) Forms() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.forms)
}

// Secrets are all codes and tokens made so far, and the client secret: what nobody may find anywhere.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{ClientSecret}, s.secrets...)
}

// Valid is whom a token lets in: introspection, for a mail server.
func (s *Server) Valid(token string) (user string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.access[token]
	if a == nil || a.expired || a.of != nil && a.of.dead {
		return "", false
	}
	return a.user, true
}

// ExpireAccess ends every access token, and leaves the sign-ins.
func (s *Server) ExpireAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for a := range maps.Values(s.access) {
		a.expired = true
	}
}

// Revoke ends every sign-in.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for g := range maps.Values(s.grants) {
		g.dead = true
	}
}

func (s *Server) secret(kind string) string {
	t := kind + "-" + rand.Text()
	s.secrets = append(s.secrets, t)
	return t
}

// jwt is a token that anybody can read (RFC 7519), with a signature that nobody checks.
func jwt(claims map[string]any) string {
	b, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	e := base64.RawURLEncoding
	return strings.Join([]string{e.EncodeToString([]byte(`{"alg":"none"}`)), e.EncodeToString(b), e.EncodeToString([]byte(rand.Text()))}, ".")
}

// quote is a text as JSON has it.
func quote(text string) []byte {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return b
}
