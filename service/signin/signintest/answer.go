package signintest

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ServeHTTP is all of the server.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	clock := s.rules.Clock
	s.mu.Unlock()
	if clock != 0 {
		w.Header().Set("Date", time.Now().Add(clock).UTC().Format(http.TimeFormat))
	}
	switch p := r.URL.Path; {
	case r.Method == http.MethodGet && (p == "/o/oauth2/v2/auth" || p == "/"+Tenant+"/oauth2/v2.0/authorize"):
		s.authorize(w, r)
	case r.Method == http.MethodPost && (p == "/token" || p == "/"+Tenant+"/oauth2/v2.0/token"):
		s.token(w, r)
	case r.Method == http.MethodPost && p == "/"+Tenant+"/oauth2/v2.0/devicecode":
		s.device(w, r)
	case r.Method == http.MethodPost && strings.HasSuffix(p, "/oauth2/v2.0/token"):
		refuse(w, "invalid_request", "AADSTS90002: Tenant not found.")
	default:
		http.NotFound(w, r)
	}
}

// authorize is a consent page on which somebody has clicked already.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Hostname() != "127.0.0.1" && back.Hostname() != "localhost" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("client_id") != ClientID {
		http.Error(w, "the request is not as it should be", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if s.rules.Refuse != "" {
		answer.Set("error", s.rules.Refuse)
		answer.Set("error_description", s.rules.Description)
	} else {
		answer.Set("code", s.code(q))
		// Google gives a refresh token to who asks for offline access and consent, Microsoft to who asks for the scope.
		if r.URL.Path == "/o/oauth2/v2/auth" && (q.Get("access_type") != "offline" || q.Get("prompt") != "consent") {
			s.rules.NoRefresh = true
		}
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// Code is the code of somebody who accepted what the query of an authorize page asks for.
func (s *Server) Code(q url.Values) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.code(q)
}

func (s *Server) code(q url.Values) string {
	code := s.secret("code")
	s.codes[code] = asked{
		clientID: q.Get("client_id"), redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"), nonce: q.Get("nonce"), scope: q.Get("scope"),
		user: cmp.Or(s.rules.User, Mailbox),
	}
	return code
}

func (s *Server) device(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = r.ParseForm()
	if a, wrong := s.nextAnswer(); wrong {
		a.write(w, r)
		return
	}
	code := s.secret("device")
	s.devices[code] = &asked{clientID: r.Form.Get("client_id"), scope: r.Form.Get("scope"), user: cmp.Or(s.rules.User, Mailbox), waits: s.rules.Pending}
	write(w, http.StatusOK, map[string]any{"device_code": code, "user_code": "GX7-QRT", "verification_uri": s.URL + "/devicelogin", "expires_in": 900, "interval": 5})
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	s.forms = append(s.forms, r.PostForm)
	a, wrong := s.nextAnswer()
	if wrong && !a.Lost {
		s.mu.Unlock()
		a.write(w, r)
		return
	}
	status, answer := s.decide(r.PostForm)
	before := s.rules.BeforeAnswer
	s.mu.Unlock()
	if before != nil {
		before()
	}
	if wrong {
		panic(http.ErrAbortHandler)
	}
	write(w, status, answer)
}

// nextAnswer is the next wrong answer; the caller holds the lock.
func (s *Server) nextAnswer() (Answer, bool) {
	if len(s.rules.Answers) == 0 {
		return Answer{}, false
	}
	a := s.rules.Answers[0]
	if len(s.rules.Answers) > 1 || !s.rules.ForEver {
		s.rules.Answers = s.rules.Answers[1:]
	}
	return a, true
}

func (a Answer) write(w http.ResponseWriter, r *http.Request) {
	if a.Hang {
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", cmp.Or(a.Type, "application/json"))
	if a.Location != "" {
		w.Header().Set("Location", a.Location)
	}
	w.WriteHeader(cmp.Or(a.Status, http.StatusOK))
	_, _ = w.Write([]byte(a.Body))
}

// decide is what a token endpoint does (RFC 6749 4.1.3, 4.4, 6; RFC 7636 4.6; RFC 8628 3.4).
func (s *Server) decide(f url.Values) (int, map[string]any) {
	no := func(code string) (int, map[string]any) {
		return http.StatusBadRequest, map[string]any{"error": code, "error_description": "no"}
	}
	if secret := f.Get("client_secret"); f.Get("client_id") != ClientID || secret != "" && secret != ClientSecret {
		return no("invalid_client")
	}
	switch f.Get("grant_type") {
	case "authorization_code":
		a, ok := s.codes[f.Get("code")]
		sum := sha256.Sum256([]byte(f.Get("code_verifier")))
		delete(s.codes, f.Get("code"))
		if !ok || a.redirect != f.Get("redirect_uri") || a.challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
			return no("invalid_grant")
		}
		return s.granted(a)
	case "urn:ietf:params:oauth:grant-type:device_code":
		a := s.devices[f.Get("device_code")]
		switch {
		case a == nil:
			return no("bad_verification_code")
		case a.waits > 0:
			a.waits--
			return no("authorization_pending")
		case s.rules.Refuse != "":
			return no(s.rules.Refuse)
		}
		delete(s.devices, f.Get("device_code"))
		return s.granted(*a)
	case "refresh_token":
		old := f.Get("refresh_token")
		g := s.grants[old]
		if g == nil || g.dead {
			return no("invalid_grant")
		}
		if g.current != old { // used before: whoever has it stole it (RFC 9700 4.14)
			g.dead = true
			return no("invalid_grant")
		}
		return s.renewed(g, asked{})
	case "client_credentials":
		if f.Get("client_secret") == "" {
			return no("invalid_client")
		}
		token := s.secret("app")
		if s.rules.Roles != nil {
			token = jwt(map[string]any{"roles": s.rules.Roles})
			s.secrets = append(s.secrets, token)
		}
		s.access[token] = &access{user: Mailbox}
		return http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": cmp.Or(s.rules.Life, 3600)}
	default:
		return no("unsupported_grant_type")
	}
}

func (s *Server) granted(a asked) (int, map[string]any) {
	g := &grant{user: a.user, scope: a.scope}
	if s.rules.Scopes != nil {
		g.scope = strings.Join(s.rules.Scopes, " ")
	}
	return s.renewed(g, a)
}

// renewed gives out tokens; a is zero where nobody signed in just now.
func (s *Server) renewed(g *grant, a asked) (int, map[string]any) {
	token := s.secret("access")
	s.access[token] = &access{user: g.user, of: g}
	answer := map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": cmp.Or(s.rules.Life, 3600), "scope": g.scope}
	if !s.rules.NoRefresh && (g.current == "" || !s.rules.KeepRefresh) {
		g.current = s.secret("refresh")
		s.grants[g.current] = g
		answer["refresh_token"] = g.current
	}
	if s.rules.Until != 0 {
		answer["refresh_token_expires_in"] = s.rules.Until
	}
	if a.user != "" && !s.rules.NoIDToken {
		claims := map[string]any{"aud": a.clientID, "nonce": a.nonce, "email": a.user, "exp": 1}
		for name, values := range s.rules.Claims {
			claims[name] = values[0]
		}
		answer["id_token"] = jwt(claims)
	}
	return http.StatusOK, answer
}

func refuse(w http.ResponseWriter, code, description string) {
	write(w, http.StatusBadRequest, map[string]any{"error": code, "error_description": description})
}

func write(w http.ResponseWriter, status int, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(http.ErrAbortHandler) // the other side left
	}
}
